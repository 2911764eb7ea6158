"""Labelled stretches of one line, of a text or of time: how much of two answers lies under the same label.

A stretch is (start, end), end not in it, in whatever unit the line has.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain

Stretch = tuple[float, float]


def by_label(marks: Iterable[Mapping], start: str, end: str) -> dict[str, list[Stretch]]:
    """The stretches under each label, in order and joined where they touch; start, end: the keys of a mark that say where."""
    found: dict[str, list[Stretch]] = {}
    for mark in sorted(marks, key=lambda one: (one[start], one[end])):
        stretches = found.setdefault(mark["label"], [])
        if stretches and mark[start] <= stretches[-1][1]:
            stretches[-1] = (stretches[-1][0], max(stretches[-1][1], mark[end]))
        else:
            stretches.append((mark[start], mark[end]))
    return found


def covered(mine: Mapping[str, Sequence[Stretch]], hers: Mapping[str, Sequence[Stretch]]) -> tuple[float, float]:
    """What lies under the same label in both, and the sum of what each covers."""
    both = sum(shared(mine[label], hers[label]) for label in mine.keys() & hers.keys())
    return both, length(chain(*mine.values())) + length(chain(*hers.values()))


def length(stretches: Iterable[Stretch]) -> float:
    return sum(end - start for start, end in stretches)


def shared(a: Sequence[Stretch], b: Sequence[Stretch]) -> float:
    """What is in both lists of disjoint stretches, each in order."""
    i = j = 0
    both = 0.0
    while i < len(a) and j < len(b):
        both += max(0, min(a[i][1], b[j][1]) - max(a[i][0], b[j][0]))
        if a[i][1] < b[j][1]:
            i += 1
        else:
            j += 1
    return both
