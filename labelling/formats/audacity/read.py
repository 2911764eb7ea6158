from __future__ import annotations

import math
import re
from collections.abc import Sequence

from labelling.formats.stretches import Stretch, Stretches, text_of

_NUMBER = r"\d+(?:[.,]\d+)?"
_LINE = re.compile(rf"({_NUMBER})\t({_NUMBER})(?:\t(.*))?")
_SPECTRUM = re.compile(r"\\\t")


def is_one(start: str, name: str) -> bool:
    """Two moments in every line, and a tab between them."""
    lines = start.splitlines()[:20] if start.endswith("\n") else start.splitlines()[:20][:-1] or start.splitlines()
    said = [line for line in lines if line.strip() and not _SPECTRUM.match(line)]
    return name.lower().endswith(".txt") and bool(said) and all(map(_LINE.fullmatch, said))


def read(content: bytes, classes: Sequence[str]) -> tuple[str, Stretches]:
    """It names no sound; ValueError for what is none."""
    found = []
    for number, line in enumerate(text_of(content).splitlines(), 1):
        if not line.strip() or _SPECTRUM.match(line):
            continue
        said = _LINE.fullmatch(line)
        if said is None:
            raise ValueError(f"line {number} is no start, end and label with tabs between them.")
        start, end = (1000 * float(moment.replace(",", ".")) for moment in said.group(1, 2))
        if math.isfinite(start) and math.isfinite(end):
            found.append(Stretch(tuple(filter(None, [(said[3] or "").strip()])), start, end))
    return "", Stretches(tuple(found))
