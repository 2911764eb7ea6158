"""MQM in: a text a segment of a system, with the errors that were marked in it. Several people's errors are marks each, once where they
are alike."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from labelling.formats.encodings import NOT_UTF8, bounded_lines, is_clean, open_text
from labelling.formats.json_lists import READ_BYTES
from labelling.formats.own import DECISION
from labelling.formats.rows import ROW_BYTES, BadTable, Note, Refused, Row
from labelling.formats.squad.write import BETWEEN
from labelling.formats.stated import Statements
from labelling.task_types.drawing import Drawing, Span

_NEEDED = frozenset({"rater", "source", "target", "category", "severity"})
_PLACE = ("system", "doc", "doc_id", "seg_id")
_SIGN = re.compile(r"</?v>")
_NONE = re.compile(r"no.?error\Z", re.IGNORECASE)


@dataclass
class _Segment:
    place: str
    text: str
    told: dict[str, str]
    marks: list[Span] = field(default_factory=list)
    raters: set[str] = field(default_factory=set)
    notes: list[Note] = field(default_factory=list)


def is_table(start: str) -> bool:
    return set(_cells(start.partition("\n")[0])) >= _NEEDED


def _cells(line: str) -> list[str]:
    return line.rstrip("\r\n").lstrip("\ufeff").split("\t")


def read(path: Path) -> Iterator[Row | Refused]:
    if path.stat().st_size > READ_BYTES:
        raise BadTable(f"The MQM file is larger than {READ_BYTES // 2**20} MB: split it.")
    segments: dict[tuple[str, ...], _Segment] = {}
    refused: list[Refused] = []
    with open_text(path, newline="\n") as file:
        lines = bounded_lines(file, ROW_BYTES)
        names = _cells(next(lines, ""))
        for number, line in enumerate(lines, 2):
            if line.strip() and (why := _add(segments, names, _cells(line), f"line {number}")):
                refused.append(Refused(0, f"line {number}", "row", why))
    found: list[Row | Refused] = [*map(_row, segments.values()), *refused]
    for number, one in enumerate(found, 1):
        one.number = number
        yield one


def _add(segments: dict[tuple[str, ...], _Segment], names: Sequence[str], cells: Sequence[str], place: str) -> str:
    """Why the line cannot be taken, or nothing."""
    if len(cells) < len(names):
        return f"The line has {len(cells)} columns, the first one {len(names)}."
    said = dict(zip(names, cells, strict=False))
    if not is_clean("".join(said.values())):
        return NOT_UTF8
    halves = [_SIGN.sub("", said[name]) for name in ("source", "target")]
    if not halves[1].strip():
        return "There is no translation in the line."
    told = {name: said[name] for name in _PLACE if said.get(name)}
    segment = segments.setdefault((*told.values(), *halves), _Segment(place, BETWEEN.join(filter(None, halves)), told))
    segment.raters.add(said["rater"])
    if not _NONE.match(said["severity"].strip()):
        _mark(segment, said, halves)
    return ""


def _mark(segment: _Segment, said: dict[str, str], halves: Sequence[str]) -> None:
    category, severity = said["category"].strip(), said["severity"].strip()
    label = f"{category} ({severity})" if severity else category
    before = len(halves[0]) + len(BETWEEN) if halves[0] else 0
    found = [*_places(said["source"], 0), *_places(said["target"], before)]
    if not _SIGN.search(said["source"] + said["target"]):  # of the whole translation
        found = [(before, before + len(halves[1]))]
    spans = [Span(label, start, end) for start, end in found if start < end]
    if not spans:
        segment.notes.append(("gold", f"An error {label[:60]} was left out: it marks no words."))
    segment.marks += [one for one in spans if one not in segment.marks]


def _places(text: str, before: int) -> Iterator[tuple[int, int]]:
    """Where each marked stretch lies in the text without its signs."""
    at, opened = before, None
    for piece in re.split(r"(</?v>)", text):
        if piece == "<v>":
            opened = at
        elif piece == "</v>" and opened is not None:
            yield opened, at
            opened = None
        elif piece != "</v>":
            at += len(piece)


def _row(one: _Segment) -> Row:
    notes = list(one.notes)
    if len(one.raters) > 1:
        notes.append(("gold", f"{len(one.raters)} people judged it: what any of them marked is stated."))
    stated = {DECISION: Statements((("errors", Drawing(shapes=one.marks)),))} if one.marks or not one.notes else {}
    called = " ".join(one.told.values())[:200]
    cells: dict[str, Any] = {"text": one.text, "id": called, **stated, "metadata": one.told}
    return Row(0, one.place, cells, tuple(notes))
