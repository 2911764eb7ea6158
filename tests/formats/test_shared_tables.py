"""Real tables of the shared data: csv-spectrum read as its own JSON says; naughty strings kept to the letter."""

import json

import pytest

from labelling.formats import csv
from labelling.formats.rows import Refused, Row
from tests.formats.worlds import file, new_dataset, texts, upload_one
from tests.servers import SHARED

HOSTILE = SHARED / "data" / "media" / "hostile"
# The JSON of these two is not of their CSV: another phone number, other line ends.
NOT_THEIR_OWN = {"location_coordinates", "newlines_crlf"}
SPECTRUM = sorted(p for p in (HOSTILE / "csv-spectrum" / "csvs").glob("*.csv") if p.stem not in NOT_THEIR_OWN)
pytestmark = pytest.mark.skipif(not SPECTRUM, reason="the shared tables (../shared/data/media/hostile) are absent")


@pytest.mark.parametrize("path", SPECTRUM, ids=lambda path: path.stem)
def test_csv_spectrum(path):
    right = json.loads((HOSTILE / "csv-spectrum" / "json" / f"{path.stem}.json").read_text())
    rows = list(csv.read(path))
    assert not any(isinstance(row, Refused) for row in rows)
    assert [row.cells for row in rows if isinstance(row, Row)] == right


@pytest.mark.django_db
def test_naughty_strings_are_kept_to_the_letter():
    strings = json.loads((HOSTILE / "naughty-strings" / "blns.json").read_text())
    right = list(dict.fromkeys(text.strip() for text in strings if text.strip() and "\0" not in text))
    dataset = new_dataset()
    lines = "\n".join(json.dumps({"text": text}, ensure_ascii=number % 2 == 0) for number, text in enumerate(strings))
    made = upload_one(dataset, file("blns.jsonl", lines.encode()))
    assert (made.state, made.rows_done) == ("done", len(strings))
    assert texts(dataset) == right
