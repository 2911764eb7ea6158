"""Which encoding a table is in: what its mark says, else UTF-8. Any other is a guess, which could turn letters into others: it
is shown to whoever sent the table, and nothing is imported before she has seen her own words.

Bytes that are no UTF-8 come through as lone surrogates (PEP 383), so that only the rows that have them are refused.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

import charset_normalizer

_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
MARK_BROKEN = "labelling.mark"


def _mark(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return "\udc80", error.end


codecs.register_error(MARK_BROKEN, _mark)

# What may be guessed or named, and what people call it.
ENCODINGS = {
    "utf-8": "UTF-8", "cp1252": "Windows-1252 (Western)", "gb18030": "GB18030, GBK (简体中文)", "big5hkscs": "Big5 (繁體中文)",
    "shift_jis": "Shift JIS (日本語)", "euc_jp": "EUC-JP (日本語)", "euc_kr": "EUC-KR (한국어)", "cp1251": "Windows-1251 (Кириллица)",
    "koi8_r": "KOI8-R (Кириллица)", "cp1250": "Windows-1250 (Central Europe)", "cp1253": "Windows-1253 (Ελληνικά)",
    "cp1254": "Windows-1254 (Türkçe)", "cp1255": "Windows-1255 (עברית)", "cp1256": "Windows-1256 (العربية)", "cp874": "Windows-874 (ไทย)",
    "mac_roman": "Mac Roman", "utf-16-le": "UTF-16 LE", "utf-16-be": "UTF-16 BE",
}  # fmt: skip
SAMPLE_BYTES = 64_000

NOT_UTF8 = "This is not UTF-8: save the file as UTF-8 and send it again."


def open_text(path: Path, newline: str | None = "", encoding: str = "") -> TextIO:
    """The file as text, in the encoding that is named, or else in what it says of itself. What is none becomes no letters."""
    name = encoding or told_encoding(path) or ("utf-8" if _is_mostly_utf8(path) else "ascii")
    errors = MARK_BROKEN if name.startswith(("utf-16", "utf-32")) else "surrogateescape"
    return path.open(encoding=name, errors=errors, newline=newline)


def told_encoding(path: Path) -> str:
    """By its mark, or by the zeros that UTF-16 has beside every plain letter; "" where the file does not say."""
    with path.open("rb") as file:
        head = file.read(64)
    marked = next((name for mark, name in _MARKS if head.startswith(mark)), "")
    return marked or _by_zeros(head)


@dataclass(frozen=True)
class Found:
    encoding: str
    sure: bool


def find_encoding(path: Path) -> Found:
    """Sure: the file says so, or it is UTF-8. Else what its letters look most like."""
    if told := told_encoding(path):
        return Found(told, sure=True)
    if _is_mostly_utf8(path):
        return Found("utf-8", sure=True)
    order = list(ENCODINGS)
    found = charset_normalizer.from_bytes(_sample(path), cp_isolation=order[1:-2])
    likely = [
        (match.chaos, -match.coherence, order.index(match.encoding)) for match in found if match.encoding in order
    ]
    return Found(order[min(likely)[2]] if likely else "cp1252", sure=False)


def _sample(path: Path) -> bytes:
    """Lines that need an encoding, the first ones, as many as are looked at."""
    taken, size = [], 0
    with path.open("rb") as file:
        for line in iter(lambda: file.readline(1 << 16), b""):
            if not line.isascii():
                taken.append(line)
                size += len(line)
            if size > SAMPLE_BYTES:
                break
    return b"".join(taken)


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


def _by_zeros(head: bytes) -> str:
    if len(head) < 8 or not any(head[:8]):
        return ""
    return "utf-16-be" if not any(head[0:8:2]) else "utf-16-le" if not any(head[1:8:2]) else ""


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
