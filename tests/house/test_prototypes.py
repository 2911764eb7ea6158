"""What comes from outside names no place in an object of the phone's: no key of a key is written (prototype pollution), no prototype."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCES = [*(ROOT / "worker_app/src").rglob("*.ts*"), *(ROOT / "labelling/task_types").rglob("*.ts*")]
DEEP = re.compile(r"\[[^\]\[\"'0-9][^\]\[]*\]!?\??\.?\[[^\]\[\"'0-9][^\]\[]*\]!?\s*(?:[-+*/|&?]{0,2}=)(?![=>])")
COUNTED = {"differing.ts"}  # a table whose places two loops count
PROTOTYPE = re.compile(r"__proto__|setPrototypeOf|\.prototype\b|constructor\s*\[")


def faults(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if DEEP.search(line) or PROTOTYPE.search(line)]


def test_no_source_of_the_phone_writes_a_key_of_a_key():
    found = {path.name: faults(path.read_text(encoding="utf-8")) for path in SOURCES if ".test." not in path.name}
    assert len(found) > 100
    assert {name: lines for name, lines in found.items() if lines and name not in COUNTED} == {}


@pytest.mark.parametrize(
    "line", ["here[key][b] = value;", "deep[one][two] ??= {};", "x.__proto__ = y", "into[key]![name] = 1"]
)
def test_control_each_is_found(line):
    assert faults(line)


@pytest.mark.parametrize(
    "line", ["here[a] = value;", "const b: Block[][] = [];", "if (here[a][b] === 1)", "rows[0][1] = 2;"]
)
def test_control_what_is_none_is_left(line):
    assert not faults(line)
