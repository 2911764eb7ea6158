"""spaCy's names of strings: a number of its own list where it has one, else MurmurHash64A of the text (spacy/strings.pyx, symbols.pyx)."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

SYMBOLS = (Path(__file__).parent / "spacy_symbols.txt").read_text(encoding="utf-8").split("\n")[:-1]
_NUMBERS = {name: number for number, name in enumerate(SYMBOLS)}
_M, _ALL, _SEED = 0xC6A4A7935BD1E995, (1 << 64) - 1, 1


@lru_cache(maxsize=100_000)
def number_of(text: str) -> int:
    known = _NUMBERS.get(text)
    return _hash(text.encode()) if known is None else known


def _hash(content: bytes) -> int:
    """MurmurHash64A (A. Appleby, public domain)."""
    whole = len(content) // 8 * 8
    value = (_SEED ^ len(content) * _M) & _ALL
    for at in range(0, whole, 8):
        piece = int.from_bytes(content[at : at + 8], "little") * _M & _ALL
        value = (value ^ (piece ^ piece >> 47) * _M) * _M & _ALL
    if len(content) > whole:
        value = (value ^ int.from_bytes(content[whole:], "little")) * _M & _ALL
    value = (value ^ value >> 47) * _M & _ALL
    return value ^ value >> 47


class Strings:
    """The texts of a file by their numbers."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._texts = {number_of(text): text for text in texts}

    def name(self, number: int) -> str:
        """ValueError for a number that the file does not explain."""
        if number < len(SYMBOLS):
            return SYMBOLS[number]
        if number not in self._texts:
            raise ValueError("a word has no text")
        return self._texts[number]
