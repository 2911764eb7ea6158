"""docs/worker_first.md names all twenty-five requirements, honestly, and nothing that is not there."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "worker_first.md").read_text()
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")] for line in PAGE.splitlines() if re.match(r"\| \d+ \|", line)
]


def test_all_twenty_five_have_a_state():
    assert [int(row[0]) for row in ROWS] == list(range(1, 26))
    assert all(re.match(r"Done|Partly: .{10}|Not yet", row[2]) for row in ROWS)


def test_each_names_the_test_or_the_screen_that_shows_it_and_it_is_there():
    for number, _, state, shown in ROWS:
        named = re.findall(r"`([^`]+)`", shown)
        assert named or state.startswith("Not yet"), number
        assert [name for name in named if not (ROOT / name).exists()] == [], number


def test_fairworks_points_are_ten():
    assert len(re.findall(r"^\| \d\.\d \|", PAGE, re.M)) == 10
