"""The guides are true: what they name is there, what a thing may say they tell, and their code runs."""

from __future__ import annotations

import dataclasses
import gzip
import io
import json
import re

import pytest

from labelling.formats.format import Format
from labelling.formats.frozen import Frozen
from payouts.providers.base import Order, Provider, Unknown
from tests.house.sources import ROOT

GUIDES = ROOT / "docs" / "guides"
HOMES = [
    *(ROOT / home for home in ("", "platform", "platform/console/templates", "worker_app/src", "worker_app")),
    *(ROOT / home for home in ("labelling", "labelling/task_types/boxes")),
]
A_FILE = re.compile(
    r"`([\w./-]+/[\w.-]+\.(?:py|tsx?|csv|md|html|json|mjs)|(?:platform|tests|labelling|worker_app)/[\w./-]+/?)`"
)


def text_of(name: str) -> str:
    return (GUIDES / name).read_text(encoding="utf-8")


def code_of(name: str) -> dict:
    """What the guide's Python defines."""
    [code] = re.findall(r"```python\n(.*?)```", text_of(name), re.DOTALL)
    defined: dict = {"__name__": "guide"}
    exec(compile(code, name, "exec"), defined)
    return defined


def missing(text: str) -> list[str]:
    return [name for name in A_FILE.findall(text) if not any((home / name).exists() for home in HOMES)]


@pytest.mark.parametrize("path", sorted(GUIDES.glob("*.md")), ids=lambda path: path.stem)
def test_every_file_that_a_guide_names_is_there(path):
    text = path.read_text(encoding="utf-8")
    assert len(A_FILE.findall(text)) > 5  # control: they are found
    assert missing(text) == []


def test_control_a_file_that_is_not_there_is_found():
    assert missing("in `platform/payouts/horoscopes.py` and `labelling/formats/format.py`") == [
        "platform/payouts/horoscopes.py"
    ]


def told(name: str) -> set[str]:
    """What stands in the first cell of a row of a table, each by its own."""
    cells = re.findall(r"^\| (`[^|]*) \|", text_of(name), re.MULTILINE)
    return {word for cell in cells for word in re.findall(r"`(\w+)", cell)}


def test_the_guide_of_formats_tells_every_field_of_one():
    assert {one.name for one in dataclasses.fields(Format)} <= told("add_a_format.md")


def test_the_guide_of_rails_tells_every_member_of_one():
    members = set(Provider.__annotations__) | Provider.__abstractmethods__
    assert members <= told("add_a_rail.md")


def test_the_format_of_the_guide_writes_a_release():
    rows = [
        {
            "item": 1,
            "external_id": "a",
            "decision": {"segments": [{"label": "Rain", "label_id": "l1", "start_ms": 100, "end_ms": 900}]},
            "media": {"file_name": "day/one.wav", "duration_ms": 3000},
        },
        {"item": 2, "external_id": "b", "decision": None, "media": {"file_name": "two.wav", "duration_ms": 3000}},
    ]
    stored = gzip.compress("".join(json.dumps(row) + "\n" for row in rows).encode())
    labels = [{"id": "l1", "name": {"en": "Rain"}}]
    frozen = Frozen("Sounds", 1, "segments", "2026-11-30T00:00:00Z", lambda: io.BytesIO(stored), labels)
    made = code_of("add_a_format.md")["FORMAT"]
    assert made.fits("segments")
    assert not made.fits("boxes")
    assert b"".join(made.write(frozen)) == b"day/one\t100\t900\tRain\n"


def test_the_rail_of_the_guide_is_one(monkeypatch):
    defined = code_of("add_a_rail.md")

    def unplugged(*args, **kwargs):
        raise defined["NoAnswer"]("the line is dead")

    rail = defined["Pigeon"]()  # abstract members that it lacks would refuse this
    defined["exchange"] = unplugged
    assert isinstance(rail, Provider)
    assert rail.submit(Order("payout", "r1", 2_000_000, "ZAR", "+27821234567")) == Unknown("the line is dead")


def test_the_page_of_the_guide_asks_for_a_sign_in():
    view = code_of("add_a_page.md")["tokens"]
    assert view.allowed_methods == ("GET", "HEAD")
