"""JSON that is no JSON Lines: an array, objects over several lines, or one object with the array under a key.

Read a piece at a time: memory holds one row, however long the array is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from labelling.formats.encodings import open_text
from labelling.formats.json_text import BETWEEN, BLANK, JsonText, TooLong, past
from labelling.formats.jsonl import Strange, row_of
from labelling.formats.rows import ROW_BYTES, BadTable, Refused, Row
from people.strict_json import TooDeep

_LIST = re.compile(r"\[\s*\{")
_NO_ROWS = 'There is no list of objects in this JSON: send a list, like [{"text": "..."}], or one object a line.'


def read(path: Path, encoding: str = "") -> Iterator[Row | Refused]:
    with open_text(path, newline="", encoding=encoding) as file:
        text = JsonText(file)
        _enter(text)
        number = 0
        while text.skip(BETWEEN) not in ("", "]"):
            number += 1
            found, cut = _row(text, number)
            yield found
            if cut:
                return
        if not number:
            raise BadTable(_NO_ROWS)


def _row(text: JsonText, number: int) -> tuple[Row | Refused, bool]:
    """The next row, and whether nothing behind it can be read."""
    place = f"line {text.line}"
    try:
        _, raw = text.value(2 * ROW_BYTES, f"A row is longer than {ROW_BYTES:,} signs")
    except ValueError as broken:
        why = getattr(broken, "msg", str(broken))[:120]
        bound = isinstance(broken, TooLong | TooDeep)
        if number == 1:
            raise BadTable(f"{why}, {place}." if bound else f"This is no JSON: {why}, {place}.") from broken
        sentence = why if bound else f"From here on this is no JSON: {why}"
        return Refused(number, place, "row", f"{sentence}. What follows was not read."), True
    try:
        return Row(number, place, row_of(raw)), False
    except Strange as strange:
        return Refused(number, place, "row", str(strange)), False


def _enter(text: JsonText) -> None:
    """To the first row: into the array, which may lie under a key of one object; where objects just follow, before them."""
    first = text.skip(BLANK)
    if first == "[":
        text.take(1)
    elif first != "{":
        raise BadTable(_NO_ROWS)
    elif (inner := _array_within(text)) is not None:
        text.go_to(inner)


def _array_within(text: JsonText) -> int | None:
    """Where the first row of a list under a key begins, or None where the object is a row itself. Only its first megabyte is
    looked at: what stands before the list is short."""
    text.fill(ROW_BYTES)
    at = text.at + 1
    while (key := past(BETWEEN, text.held, at)) < len(text.held) and text.held[key] == '"':
        try:
            at = text.end_of(key)
            at = past(BLANK, text.held, past(BLANK, text.held, at) + 1)  # behind the colon
            if _LIST.match(text.held, at):
                return None if _is_row(text) else at + 1
            at = text.end_of(at)
        except ValueError:
            return None
    return None


def _is_row(text: JsonText) -> bool:
    """Whether another object follows the first: then both are rows, with lists among their values."""
    try:
        end = text.end_of(text.at)
    except ValueError:
        return False
    return text.held[past(BETWEEN, text.held, end) :][:1] == "{"
