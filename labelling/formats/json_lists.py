"""A file that is one JSON object around lists: its elements one after the other, so that memory does not grow with them."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from labelling.formats.encodings import NOT_UTF8, is_clean, open_text
from labelling.formats.json_text import BETWEEN, BLANK, JsonText, TooLong
from labelling.formats.rows import BadTable

READ_BYTES = 64 * 1024 * 1024  # signs of one element, at most
_LONG = f"more than {READ_BYTES // 2**20} million signs"


class Element(NamedTuple):
    """A value under a name of the object, or one of the list there, and as it is written."""

    name: str
    value: Any
    raw: str
    listed: bool


def elements(path: Path, named: str, what: str) -> Iterator[Element]:
    """All of them. BadTable, `what` such a file is called, where it has no list of the name `named`, and where it breaks off or is no JSON:
    that is known at its end, so nothing is to be believed before."""
    with open_text(path, newline="") as file:
        text = JsonText(file)
        try:
            names = yield from _members(text)
        except TooLong as long:
            raise BadTable(f"A value of the {what} file has {long}: split it.") from long
        except ValueError as broken:
            raise BadTable(f"This is no {what} file: {str(broken).split(':')[0]}.") from broken
    if named not in names:
        raise BadTable(f"This is no {what} file: it has no list named {named}.")


def _members(text: JsonText) -> Generator[Element, None, set[str]]:
    """Gives back the names of the lists."""
    lists = set()
    _expect(text, "{")
    while text.skip(BETWEEN) not in ("", "}"):
        name, _ = _value(text)
        if not isinstance(name, str):
            raise ValueError(f"a name must be a text, line {text.line}")
        if text.skip(BLANK) != ":":
            raise ValueError(f"there is no colon behind a name, line {text.line}")
        text.take(1)
        if text.skip(BLANK) != "[":
            yield Element(name, *_value(text), listed=False)
            continue
        lists.add(name)
        text.take(1)
        while text.skip(BETWEEN) not in ("", "]"):
            yield Element(name, *_value(text), listed=True)
        _expect(text, "]")
    _expect(text, "}")
    if text.skip(BLANK):
        raise ValueError(f"something stands behind its end, line {text.line}")
    return lists


def _value(text: JsonText) -> tuple[Any, str]:
    value, raw = text.value(READ_BYTES, _LONG)
    if not is_clean(raw):
        raise BadTable(NOT_UTF8)
    return value, raw


def _expect(text: JsonText, sign: str) -> None:
    if text.skip(BLANK) != sign:
        raise ValueError(f"there is no {sign} where one must stand, line {text.line}")
    text.take(1)
