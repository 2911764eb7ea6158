"""Words of a text with their places, for formats that know no characters."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise

# A run of letters and digits; each sign by itself; each character of scripts that are written without gaps.
_CJK = "぀-ヿ㐀-䶿一-鿿豈-﫿가-힯\U00020000-\U0003fa1f"
_TOKEN = re.compile(rf"[{_CJK}]|(?:(?![{_CJK}])[\ẁ-ͯ])+|[^\w\s]")


def tokens(text: str, cuts: Iterable[int] = ()) -> list[tuple[int, int]]:
    """(start, end) in code points, in order; no token goes over one of the `cuts`, so a mark that ends within a word loses nothing."""
    at = sorted(set(cuts))
    found: list[tuple[int, int]] = []
    for match in _TOKEN.finditer(text):
        start, end = match.span()
        inner = [start, *(cut for cut in at if start < cut < end), end]
        found += pairwise(inner)
    return found
