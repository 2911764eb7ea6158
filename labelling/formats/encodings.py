"""Which encoding a table is in: what its mark says, else UTF-8. Never a guess that could turn letters into others.

Bytes that are no UTF-8 come through as lone surrogates (PEP 383), so that only the rows that have them are refused.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from labelling.formats.rows import BadTable

_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
MARK_BROKEN = "labelling.mark"
codecs.register_error(MARK_BROKEN, lambda error: ("\udc80", error.end))

NOT_UTF8 = "This is not UTF-8: save the file as UTF-8 and send it again."


def open_text(path: Path, newline: str | None = "") -> TextIO:
    """The file as text. Raises BadTable for what looks like UTF-16 or UTF-32 without its mark."""
    with path.open("rb") as file:
        head = file.read(64)
    encoding = next((name for mark, name in _MARKS if head.startswith(mark)), None)
    if encoding is None and _has_zeros_in_step(head):
        raise BadTable("The file looks like UTF-16 without its mark: save it as UTF-8.")
    if encoding is None:
        encoding = "utf-8" if _is_mostly_utf8(path) else "ascii"
    errors = MARK_BROKEN if encoding in ("utf-16", "utf-32") else "surrogateescape"
    return path.open(encoding=encoding, errors=errors, newline=newline)


def _is_mostly_utf8(path: Path) -> bool:
    """False when at least half of the lines that need an encoding are no UTF-8. Then the others are UTF-8 by chance only
    (some Chinese and Latin letters are), and would be read as other letters: they are refused with them."""
    good = bad = 0
    with path.open("rb") as file:
        for line in iter(lambda: file.readline(1 << 20), b""):
            if not line.isascii():
                good, bad = (good + 1, bad) if _decodes(line) else (good, bad + 1)
    return good > bad or bad == 0


def _decodes(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True


def _has_zeros_in_step(head: bytes) -> bool:
    return len(head) >= 8 and (not any(head[0:8:2]) or not any(head[1:8:2]))


def is_clean(text: str) -> bool:
    """Whether the text was read without loss: every byte of it was part of a letter."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def bounded_lines(file: TextIO, most: int) -> Iterator[str]:
    """Lines of at most `most` signs. Of a longer one only the start is given (most + 1 signs); the rest is read past."""
    while line := file.readline(most + 1):
        yield line
        while len(line) > most and not line.endswith(("\n", "\r")):
            line = file.readline(most + 1)


def count_lines(path: Path) -> int:
    """Line ends in the file: what a progress bar goes by until the rows are counted."""
    with path.open("rb") as file:
        return sum(chunk.count(b"\n") for chunk in iter(lambda: file.read(1 << 20), b""))
