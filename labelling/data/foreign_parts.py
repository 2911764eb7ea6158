"""Rows that are items of parts in the words of somebody else's format: read as ours, with what they state as a decision of theirs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from labelling.formats import FORMATS, own
from labelling.formats.rows import Refused, Row
from labelling.task_types.parts import BadPart

_READERS = [one.parts_of for one in FORMATS.values() if one.parts_of]
Read = Callable[[Row | Refused], Row | Refused]


def reader_of(first: Sequence[dict[str, Any]]) -> Read | None:
    """The reader of the format in which the first rows are. What is better in later rows counts only where these say it, too."""
    for parts_of in _READERS:
        if _found(parts_of, first[0]) is not None:
            states = any(getattr(_found(parts_of, cells), "states", None) is not None for cells in first)
            return lambda row: _read(parts_of, row, states) if isinstance(row, Row) else row
    return None


def _found(parts_of, cells: dict[str, Any]):
    try:
        return parts_of(cells)
    except BadPart as bad:
        return bad


def _read(parts_of, row: Row, states: bool) -> Row | Refused:
    found = _found(parts_of, row.cells)
    if found is None or isinstance(found, BadPart):
        field, why = (
            (found.field, str(found)) if found else ("parts", "This row is not like the first: it has no such parts.")
        )
        return Refused(row.number, row.place, field, why)
    others = {name: value for name, value in row.cells.items() if name not in found.cells and name != "metadata"}
    given = row.cells.get("metadata")
    called = others.pop("id", None) or found.called
    named = {"id": called} if called else {}
    stated = {own.DECISION: found.states} if states and found.states is not None else {}
    metadata = {**(given if isinstance(given, dict) else {}), **others}
    cells = {**named, "parts": found.parts, **stated, "metadata": metadata}
    return Row(row.number, row.place, cells, row.remarks)
