"""What two writers may differ in without disagreeing, said explicitly, and how a text falls into tokens.

A token keeps two forms: `norm`, by which answers are compared, and `surface`, the characters of the answer around it
(its punctuation and one space included), from which the consensus is written out again. Scripts written without spaces (Chinese,
Japanese, Thai, Lao, Khmer, Burmese) fall into single characters; all else falls into words at spaces, hyphens and punctuation.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from dataclasses import dataclass

UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
_LETTER = rf"(?:(?![{UNSPACED}])\w)"
_TOKEN = re.compile(rf"[{UNSPACED}]|(?:\d+(?:[.,:]\d+)+|{_LETTER}+)(?:['\u2019]{_LETTER}+)*")
_SPACES = re.compile(r"\s+")


@dataclass(frozen=True)
class Normalisation:
    """case: fold case. punctuation: leave out what is no word. width: NFKC (full-width letters, ligatures) instead of NFC.
    characters: every character is a token, also in spaced scripts."""

    case: bool = True
    punctuation: bool = True
    width: bool = True
    characters: bool = False


DEFAULT = Normalisation()


def normalise(text: str, how: Normalisation = DEFAULT) -> str:
    """The text as it is compared: tokens joined by single spaces, none between characters of unspaced scripts."""
    out = ""
    for norm, _ in tokens(text, how):
        unspaced = how.characters or (out and is_unspaced(out[-1]) and is_unspaced(norm[0]))
        out += norm if unspaced or not out else " " + norm
    return out


def tokens(text: str, how: Normalisation = DEFAULT) -> list[tuple[str, str]]:
    """(norm, surface) of every token of a text, in order."""
    text = _SPACES.sub(" ", unicodedata.normalize("NFKC" if how.width else "NFC", text)).strip()
    spans = _spans(text, how)
    if not spans:
        return []
    starts = [0] + [_opening(text, stop, start) for (_, stop), (start, _) in itertools.pairwise(spans)]
    ends = [*starts[1:], len(text)]
    found = []
    for (start, stop), first, end in zip(spans, starts, ends, strict=True):
        surface = text[first:end]
        if end == len(text) and not is_unspaced(text[start]) and not how.characters:
            surface += " "
        norm = text[start:stop].replace("\u2019", "'")
        found.append((norm.casefold() if how.case else norm, surface))
    return found


def _opening(text: str, stop: int, start: int) -> int:
    """Where the surface of the token at `start` begins: after the last space since the token before ended, so that an opening quote
    or a currency sign stays with its word."""
    space = text.rfind(" ", stop, start)
    return space + 1 if space >= 0 else start


def is_unspaced(character: str) -> bool:
    """Is it of a script that is written without spaces between words?"""
    return re.match(f"[{UNSPACED}]", character) is not None


def _spans(text: str, how: Normalisation) -> list[tuple[int, int]]:
    if how.characters:
        keep = str.isalnum if how.punctuation else (lambda c: not c.isspace())
        return [(i, i + 1) for i, c in enumerate(text) if keep(c)]
    spans = [match.span() for match in _TOKEN.finditer(text)]
    return spans if how.punctuation else _with_marks(text, spans)


def _with_marks(text: str, spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The spans of words, and every mark of punctuation between them as a token of its own."""
    inside = {i for start, stop in spans for i in range(start, stop)}
    marks = [(i, i + 1) for i, c in enumerate(text) if i not in inside and not c.isspace()]
    return sorted(spans + marks)
