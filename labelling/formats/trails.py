"""What a file beside a clip states of it: objects with a box in each of some frames, before anybody has seen the clip."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

Box = tuple[float, float, float, float]  # x, y, width, height in pixels
Seen = tuple[int, Box]  # the frame, from 0


@dataclass(frozen=True)
class Trail:
    """An object while it is there without a break: its boxes by frame, in a straight line between two of them. labels: what it may mean."""

    name: str
    labels: tuple[str, ...]
    boxes: tuple[Seen, ...] = ()
    fault: str = ""


@dataclass(frozen=True)
class Trails:
    """All of one clip, by frames that count from 0. `unit`: places are shares of its width and height, whatever they are."""

    marks: tuple[Trail, ...]
    width_px: int | None = None
    height_px: int | None = None
    unit: bool = False


def between(a: Seen, b: Seen, frame: int) -> Box:
    """Where the box is at a frame on the straight line from one to the other."""
    share = (frame - a[0]) / (b[0] - a[0])
    x, y, width, height = (start + (end - start) * share for start, end in zip(a[1], b[1], strict=True))
    return x, y, width, height


def unbroken(boxes: Sequence[Seen]) -> Iterable[Sequence[Seen]]:
    """Stretches of boxes that follow each other frame by frame."""
    breaks = [n for n, (a, b) in enumerate(pairwise(boxes), 1) if b[0] != a[0] + 1]
    return (boxes[start:end] for start, end in pairwise([0, *breaks, len(boxes)]))


def thinned(boxes: Sequence[Seen], within_px: float = 0.5) -> list[Seen]:
    """Some of them, whose straight lines pass all others by no more: what is meant by whole pixels is not lost.

    The swing filter (Elmeleegy et al. 2009, doi:10.14778/1687627.1687645), whose lines end in boxes that are there. O(n).
    """
    kept, cone = [boxes[0]], _ANY
    for before, now in pairwise(boxes):
        slopes = _slopes(kept[-1], now)
        if not all(low <= slope <= high for slope, (low, high) in zip(slopes, cone, strict=True)):
            kept.append(before)
            cone, slopes = _ANY, _slopes(before, now)
        off = within_px / (now[0] - kept[-1][0])
        cone = [(max(low, s - off), min(high, s + off)) for s, (low, high) in zip(slopes, cone, strict=True)]
    return kept if len(boxes) == 1 else [*kept, boxes[-1]]


_ANY = [(-math.inf, math.inf)] * 4


def _slopes(a: Seen, b: Seen) -> list[float]:
    return [(end - start) / (b[0] - a[0]) for start, end in zip(a[1], b[1], strict=True)]
