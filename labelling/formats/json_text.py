"""JSON as text that is read a piece at a time: what is held of it, and where we are."""

from __future__ import annotations

import json
import re
from typing import Any, TextIO

from people.strict_json import TooDeep, is_deep

PIECE = 1 << 18
BLANK = re.compile(r"[\s\ufeff]*")
BETWEEN = re.compile(r"[\s,]*")
_READS = json.JSONDecoder()


def past(what: re.Pattern, text: str, at: int) -> int:
    """Behind what stands there, if it does."""
    found = what.match(text, at)
    return found.end() if found else at


class TooLong(ValueError):
    """Longer than what is held at once."""


class JsonText:
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
        return self._decoded(at)[1]

    def _decoded(self, at: int) -> tuple[Any, int]:
        if self._deep:
            raise TooDeep("It is nested too deep")
        return _READS.raw_decode(self.held, at)

    def skip(self, what: re.Pattern) -> str:
        """Past these signs: the sign that follows, "" at the end."""
        while True:
            self.fill(1)
            self.go_to(past(what, self.held, self.at))
            if self.at < len(self.held) or self._ended:
                return self.held[self.at : self.at + 1]

    def take(self, signs: int) -> None:
        self.go_to(self.at + signs)

    def go_to(self, place: int) -> None:
        self.line += self.held.count("\n", self.at, place)
        self.at = place

    def value(self, most: int, longer: str) -> tuple[Any, str]:
        """The JSON value that begins here, and as it is written; ValueError where there is none, TooLong (`longer`) beyond `most` signs."""
        while True:
            try:
                value, end = self._decoded(self.at)
            except TooDeep:
                raise
            except ValueError:
                held = len(self.held) - self.at
                if held > most:
                    raise TooLong(longer) from None
                if not self.fill(max(held + PIECE, 2 * held)) and len(self.held) - self.at == held:
                    raise
                continue
            if end == len(self.held) and self.fill(end - self.at + 1):
                continue  # a number may go on
            raw = self.held[self.at : end]
            self.go_to(end)
            return value, raw
