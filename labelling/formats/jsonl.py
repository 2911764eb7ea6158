"""JSON Lines: one object a line, in and out."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from labelling.formats.encodings import NOT_UTF8, bounded_lines, is_clean, open_text
from labelling.formats.frozen import Frozen
from labelling.formats.rows import COLUMNS, ROW_BYTES, Refused, Row
from people.strict_json import TooDeep, check_depth

BLOCK_BYTES = 64 * 1024
DEPTH = 30
# Only such numbers can overflow.
_HUGE, _LONG = re.compile(r"[0-9][eE]\+?[0-9]{3}"), re.compile(r"[0-9]{300}")


class Strange(ValueError):
    """Something that JSON readers disagree about."""


def read(path: Path, encoding: str = "") -> Iterator[Row | Refused]:
    number = 0
    with open_text(path, newline="\n", encoding=encoding) as file:
        for line_number, line in enumerate(bounded_lines(file, ROW_BYTES), 1):
            if not line.strip():
                continue
            number += 1
            place = f"line {line_number}"
            try:
                yield Row(number, place, row_of(line))
            except Strange as strange:
                yield Refused(number, place, "row", str(strange))


def row_of(line: str) -> dict[str, Any]:
    """One object as a row, or Strange."""
    if len(line) > ROW_BYTES:
        raise Strange(f"The line is longer than {ROW_BYTES:,} signs.")
    if not is_clean(line):
        raise Strange(NOT_UTF8)
    try:
        check_depth(line, DEPTH)
        row = DECODER.decode(line)
    except Strange:
        raise
    except TooDeep:
        raise Strange("The line is nested too deep.") from None
    except ValueError as error:
        raise Strange(f"This is no JSON: {str(error).split(':')[0]}."[:200]) from None
    if not isinstance(row, dict):
        raise Strange('A line must be an object, like {"text": "..."}.')
    if len(row) > COLUMNS:
        raise Strange(f"The object has {len(row)} keys: at most {COLUMNS} are taken.")
    _check_values(line, row)
    return row


def _check_values(line: str, row: dict) -> None:
    """What JSON allows and PostgreSQL does not: NUL, lone surrogates, numbers that overflowed."""
    if "\\u" not in line and not _HUGE.search(line) and (len(line) < 300 or not _LONG.search(line)):
        return
    try:
        whole = json.dumps(row, ensure_ascii=False, allow_nan=False)
        whole.encode()
    except ValueError:
        raise Strange("There is half a sign or an endless number in the line.") from None
    if "\\u0000" in whole.replace("\\\\", ""):
        raise Strange("There is a NUL sign in the line: take it out.")


def _no_key_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Strange("A key stands in the object twice.")
    return found


def _no_constant(name: str) -> None:
    raise Strange(f"{name} is no JSON number.")


DECODER = json.JSONDecoder(object_pairs_hook=_no_key_twice, parse_constant=_no_constant)


def write(frozen: Frozen) -> Iterator[bytes]:
    """The frozen lines as they are: what is downloaded is what was hashed."""
    block = bytearray()
    for line in frozen.lines():
        block += line
        if len(block) >= BLOCK_BYTES:
            yield bytes(block)
            block.clear()
    yield bytes(block)
