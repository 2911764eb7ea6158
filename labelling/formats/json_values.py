"""JSON that is no JSON Lines: an array, objects over several lines, or one object with the array under a key.

Read a piece at a time: memory holds one row, however long the array is.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from labelling.formats.encodings import open_text
from labelling.formats.jsonl import Strange, row_of
from labelling.formats.rows import ROW_BYTES, BadTable, Refused, Row
from people.strict_json import TooDeep, is_deep

PIECE = 1 << 18
_BLANK = re.compile(r"[\s\ufeff]*")
_BETWEEN = re.compile(r"[\s,]*")
_LIST = re.compile(r"\[\s*\{")
_ENDS = json.JSONDecoder()
_NO_ROWS = 'There is no list of objects in this JSON: send a list, like [{"text": "..."}], or one object a line.'


def read(path: Path, encoding: str = "") -> Iterator[Row | Refused]:
    with open_text(path, newline="", encoding=encoding) as file:
        text = _Text(file)
        _enter(text)
        number = 0
        while text.skip(_BETWEEN) not in ("", "]"):
            number += 1
            found, cut = _row(text, number)
            yield found
            if cut:
                return
        if not number:
            raise BadTable(_NO_ROWS)


def _row(text: _Text, number: int) -> tuple[Row | Refused, bool]:
    """The next row, and whether nothing behind it can be read."""
    place = f"line {text.line}"
    try:
        raw = text.value()
    except ValueError as broken:
        why = getattr(broken, "msg", str(broken))[:120]
        if number == 1:
            raise BadTable(f"This is no JSON: {why}, {place}.") from broken
        return Refused(number, place, "row", f"From here on this is no JSON: {why}. What follows was not read."), True
    try:
        return Row(number, place, row_of(raw)), False
    except Strange as strange:
        return Refused(number, place, "row", str(strange)), False


def _enter(text: _Text) -> None:
    """To the first row: into the array, which may lie under a key of one object; where objects just follow, before them."""
    first = text.skip(_BLANK)
    if first == "[":
        text.take(1)
    elif first != "{":
        raise BadTable(_NO_ROWS)
    elif (inner := _array_within(text)) is not None:
        text.go_to(inner)


def _array_within(text: _Text) -> int | None:
    """Where the first row of a list under a key begins, or None where the object is a row itself. Only its first megabyte is
    looked at: what stands before the list is short."""
    text.fill(ROW_BYTES)
    at = text.at + 1
    while (key := _past(_BETWEEN, text.held, at)) < len(text.held) and text.held[key] == '"':
        try:
            at = text.end_of(key)
            at = _past(_BLANK, text.held, _past(_BLANK, text.held, at) + 1)  # behind the colon
            if _LIST.match(text.held, at):
                return None if _is_row(text) else at + 1
            at = text.end_of(at)
        except ValueError:
            return None
    return None


def _is_row(text: _Text) -> bool:
    """Whether another object follows the first: then both are rows, with lists among their values."""
    try:
        end = text.end_of(text.at)
    except ValueError:
        return False
    return text.held[_past(_BETWEEN, text.held, end) :][:1] == "{"


def _past(what: re.Pattern, text: str, at: int) -> int:
    """Behind what stands there, if it does."""
    found = what.match(text, at)
    return found.end() if found else at


class _Text:
    """What is held of the file, and where we are in it."""

    def __init__(self, file: TextIO):
        self._file, self.held, self.at, self.line, self._ended, self._deep = file, "", 0, 1, False, False

    def fill(self, signs: int) -> bool:
        """Hold so many signs from here on; False at the end of the file."""
        while len(self.held) - self.at < signs and not self._ended:
            piece = self._file.read(PIECE)
            self._ended = not piece
            self.held, self.at = self.held[self.at :] + piece, 0
            self._deep = self._deep or is_deep(self.held)  # once a piece, from outside of any string
        return not self._ended

    def end_of(self, at: int) -> int:
        """Behind the JSON value that begins there; ValueError where there is none, TooDeep where what is held nests beyond all bounds."""
        if self._deep:
            raise TooDeep("It is nested too deep")
        return _ENDS.raw_decode(self.held, at)[1]

    def skip(self, what: re.Pattern) -> str:
        """Past these signs: the sign that follows, "" at the end."""
        while True:
            self.fill(1)
            self.go_to(_past(what, self.held, self.at))
            if self.at < len(self.held) or self._ended:
                return self.held[self.at : self.at + 1]

    def take(self, signs: int) -> None:
        self.go_to(self.at + signs)

    def go_to(self, place: int) -> None:
        self.line += self.held.count("\n", self.at, place)
        self.at = place

    def value(self) -> str:
        """The JSON value that begins here, as it is written; ValueError where there is none, or none of a row's length."""
        while True:
            try:
                end = self.end_of(self.at)
            except TooDeep:
                raise
            except ValueError:
                held = len(self.held) - self.at
                if held > 2 * ROW_BYTES:
                    raise ValueError(f"A row is longer than {ROW_BYTES:,} signs") from None
                if not self.fill(held + PIECE) and len(self.held) - self.at == held:
                    raise
                continue
            if end == len(self.held) and self.fill(end - self.at + 1):
                continue  # a number may go on
            raw = self.held[self.at : end]
            self.go_to(end)
            return raw
