from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from labelling.formats.stretches import Stretch, Stretches, text_of

_COLUMNS = 8  # up to the name


def is_one(start: str, name: str) -> bool:
    return name.lower().endswith(".rttm")


def of_many(content: bytes) -> Mapping[str, Stretches]:
    """What is said of each sound, by its name without an ending; ValueError for what is none."""
    found: dict[str, list[Stretch]] = {}
    for number, line in enumerate(text_of(content).splitlines(), 1):
        parts = line.split()
        if not parts or parts[0].startswith(";;") or parts[0] != "SPEAKER":
            continue  # comments, and what is no speaking: SPKR-INFO, LEXEME ...
        if len(parts) < _COLUMNS:
            raise ValueError(f"line {number} has {len(parts)} columns: {_COLUMNS} and more are needed.")
        start, end = _moments(parts[3], parts[4], number)
        names = tuple(dict.fromkeys((parts[7], parts[7].replace("_", " "))))
        found.setdefault(parts[1], []).append(Stretch(names, start, end))
    return {name: Stretches(tuple(marks)) for name, marks in found.items()}


def read(content: bytes, classes: Sequence[str]) -> tuple[str, Stretches]:
    """Of one that speaks of a single sound."""
    found = of_many(content)
    if len(found) > 1:
        raise ValueError("it speaks of several sounds, none of which is here.")
    return next(iter(found.items()), ("", Stretches(())))


def _moments(onset: str, duration: str, number: int) -> tuple[float, float]:
    try:
        start, long = 1000 * float(onset), 1000 * float(duration)
    except ValueError:
        start = long = math.nan
    if not math.isfinite(start + long):
        raise ValueError(f"line {number} does not say when: {onset[:20]} and {duration[:20]} are no seconds.")
    return start, start + long
