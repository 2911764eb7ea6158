"""docs/asvs.csv: each requirement of ASVS 5.0, levels 1 and 2, with how it stands and what shows it."""

import csv
import re
from collections import Counter

import pytest
from django.conf import settings
from django.test import Client

TABLE = settings.ROOT / "docs" / "asvs.csv"
STATES = {"pass", "open", "not applicable"}
TRACED = ("/", "/app/", "/accounts/login/", "/console/", "/api/v1/me", "/metrics", "/media/variants/x.webp")
# How many requirements each chapter of ASVS 5.0.0 has at levels 1 and 2.
CHAPTERS = {
    1: 27, 2: 11, 3: 19, 4: 10, 5: 9, 6: 35, 7: 18, 8: 7, 9: 7, 10: 29, 11: 14, 12: 9, 13: 13, 14: 9, 15: 13, 16: 16, 17: 7,
}  # fmt: skip


def rows() -> list[dict[str, str]]:
    with TABLE.open(newline="") as file:
        return list(csv.DictReader(file))


def test_every_requirement_is_there_once():
    ids = [row["id"] for row in rows()]
    assert [one for one, times in Counter(ids).items() if times > 1] == []
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", one) for one in ids)
    assert Counter(int(one.split(".")[0]) for one in ids) == CHAPTERS
    assert Counter(row["level"] for row in rows()) == {"1": 70, "2": 183}


def test_each_says_how_it_stands_and_why():
    for row in rows():
        assert row["status"] in STATES, row
        assert row["requirement"], row
        assert row["where"] if row["status"] == "pass" else row["note"], row


@pytest.mark.parametrize("row", rows(), ids=lambda row: row["id"])
def test_what_shows_it_is_there(row):
    for named in filter(None, row["where"].split(";")):
        file, _, test = named.partition("::")
        assert (settings.ROOT / file).is_file(), named
        assert not test or f"def {test}(" in (settings.ROOT / file).read_text(), named


@pytest.mark.django_db
@pytest.mark.parametrize("path", TRACED)
def test_no_door_gives_back_what_was_sent_to_it_by_trace(path):
    answer = Client().generic("TRACE", path, headers={"x-secret": "of-the-proxy"})
    assert answer.status_code in (302, 401, 403, 404, 405)
    assert b"of-the-proxy" not in b"".join(answer)
