"""Soft labels in: an object a line whose shares stand under a name, as we write them, or a table with a column for each label.

What is decided there is the label that most people chose, of several that may be chosen those that more than half of them did. All shares
stay with the item."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from labelling.formats import csv as tables
from labelling.formats import jsonl
from labelling.formats.encodings import open_text
from labelling.formats.own import DECISION, sent_parts
from labelling.formats.rows import Refused, Row
from labelling.formats.stated import Statements
from labelling.task_types.drawing import Drawing

ENDINGS = frozenset({"jsonl", "ndjson", "csv", "tsv"})
_NAMED = ("shares", "probabilities", "probs")
_SAID = frozenset({*_NAMED, "labels", "item", "parts"})
_OBJECT = re.compile(rf'\{{[^\n]*"({"|".join(_NAMED)})"\s*:\s*\{{\s*"')
_CALLED = {
    "id": ("id", "external_id"),
    "file": ("file", "file_name", "filename", "image", "path", "url"),
    "text": ("text", "sentence"),
}
_START_SIGNS = 4096
_HALF = 0.5
_CLOSE = 0.01  # shares that were written with two places add up to one within this
_BAD = "The share of each label is a number from 0 to 1."
_ALIKE = "Several labels have the largest share: none of them was taken."


def is_table(start: str) -> bool:
    opening = start.lstrip("\ufeff \t\r\n")
    return bool(_OBJECT.match(opening)) if opening.startswith("{") else bool(_columns(opening))


def _columns(start: str) -> frozenset[str]:
    """The columns of a table that are labels: with an item's text or file, numbers beside it that are one together in each row. Where all
    are whole numbers, they may be anything."""
    try:
        names, *rows = _records(start)
    except (csv.Error, ValueError):
        return frozenset()
    rows = [row for row in rows if len(row) == len(names)]
    found = {name: [_share(row[place]) for row in rows] for place, name in enumerate(names) if not _role(name)}
    shares = {name: [one for one in column if one is not None] for name, column in found.items()}
    shares = {name: column for name, column in shares.items() if len(column) == len(rows)}
    whole = all(abs(sum(row) - 1) < _CLOSE for row in zip(*shares.values(), strict=True))
    parted = any(0 < one < 1 for column in shares.values() for one in column)
    main = {role for name in names if (role := _role(name)) and role != "id"}
    return frozenset(shares) if main and rows and whole and parted and len(shares) > 1 else frozenset()


def _records(start: str) -> list[list[str]]:
    """Those that are whole: what is looked at of a file ends anywhere."""
    header = start.partition("\n")[0]
    parted = max(",\t;", key=header.count)
    records = [row for row in csv.reader(io.StringIO(start), delimiter=parted) if any(row)]
    records = records[:-1] if len(start) >= _START_SIGNS - 1 else records
    return [[cell.strip() for cell in row] for row in records]


def _role(name: str) -> str:
    return next((role for role, names in _CALLED.items() if name.strip().lower() in names), "")


def read(path: Path) -> Iterator[Row | Refused]:
    with open_text(path) as file:
        start = file.read(_START_SIGNS).lstrip("\ufeff \t\r\n")
    columns = frozenset() if start.startswith("{") else _columns(start)
    rows = tables.read(path) if columns else jsonl.read(path)
    for row in rows:
        yield _row(row, columns) if isinstance(row, Row) else row


def _row(row: Row, columns: frozenset[str]) -> Row | Refused:
    given = _given(row.cells, columns)
    shares = {name: share for name, said in given.items() if (share := _share(said)) is not None}
    if not shares or len(shares) < len(given):
        return Refused(row.number, row.place, "shares", _BAD)
    said, of_most = _stated(shares, row.cells.get("labels"))
    kept: dict[str, Any] = {"shares": {name: share for name, share in shares.items() if share}}
    named: dict[str, Any] = {"parts": sent_parts(row.cells["parts"])} if row.cells.get("parts") else {}
    for name, value in row.cells.items():
        if role := _role(name):
            named.setdefault(role, value)
        elif name not in columns and name not in _SAID:
            kept[name] = value
    cells = {**named, DECISION: said, "confidence_ppm": of_most, "metadata": kept}
    return Row(row.number, row.place, cells, row.remarks)


def _given(cells: Mapping[str, Any], columns: frozenset[str]) -> Mapping[str, Any]:
    if columns:
        return {name: cells.get(name) for name in columns}
    return next((cells[name] for name in _NAMED if isinstance(cells.get(name), dict)), {})


def _share(said: Any) -> float | None:
    try:
        share = float(said) if isinstance(said, int | float | str) and not isinstance(said, bool) else -1.0
    except (ValueError, OverflowError):
        return None
    return share if 0 <= share <= 1 else None


def _stated(shares: Mapping[str, float], labels: Any) -> tuple[Statements, int]:
    """What is decided, and the share of whoever said so in millionths. A file of ours says itself what was decided."""
    largest = max(shares.values())
    most = [name for name, share in shares.items() if share == largest]
    if isinstance(labels, list) and all(isinstance(one, str) for one in labels):
        chosen = labels
    elif abs(sum(shares.values()) - 1) < _CLOSE:
        chosen = most
        if len(most) > 1:
            return Statements((), (_ALIKE,), free=True), 0
    else:
        chosen = [name for name, share in shares.items() if share > _HALF]
    sure = min((shares.get(name, 0.0) for name in chosen), default=0.0)
    return Statements((("shares", Drawing(labels=chosen)),), free=True), round(sure * 1_000_000)
