"""Plain text: every line that is not blank is an item, or the whole file is one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from labelling.formats.encodings import NOT_UTF8, bounded_lines, is_clean, open_text
from labelling.formats.rows import ROW_BYTES, Refused, Row

LINE, WHOLE = "line", "file"
WHOLE_SIGNS = 100_000


def read(path: Path, encoding: str = "") -> Iterator[Row | Refused]:
    with open_text(path, newline=None, encoding=encoding) as file:
        filled = ((place, line.strip()) for place, line in enumerate(bounded_lines(file, ROW_BYTES), 1) if line.strip())
        for number, (place, line) in enumerate(filled, 1):
            yield _row(number, f"line {place}", LINE, line)


def read_whole(path: Path, encoding: str = "") -> Iterator[Row | Refused]:
    with open_text(path, newline=None, encoding=encoding) as file:
        yield _row(1, "", WHOLE, file.read(WHOLE_SIGNS + 1))


def _row(number: int, place: str, name: str, text: str) -> Row | Refused:
    if not is_clean(text):
        return Refused(number, place, "text", NOT_UTF8)
    if "\0" in text:
        return Refused(number, place, "text", "There is a NUL sign in the text: take it out.")
    return Row(number, place, {name: text})
