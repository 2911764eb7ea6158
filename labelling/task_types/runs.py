"""Run lengths of masks: runs of pixels outside and inside in turn, outside first, column by column, and their short text.

The text is that of COCO (cocodataset/cocoapi, common/maskApi.c, rleToString and rleFrString): from the fourth run on, what it differs by
from the run two before it; five bits a character, least first, the sixth for "more follows", from "0" on.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from consensus.core.regions.rle import decode, encode

MOST_GROUPS = 7  # of five bits: a run of 2**31 pixels has no more


def text_of(runs: Sequence[int]) -> str:
    said: list[str] = []
    for k, run in enumerate(runs):
        left = run - runs[k - 2] if k > 2 else run
        more = True
        while more:
            group, left = left & 0x1F, left >> 5
            more = left != -1 if group & 0x10 else left != 0
            said.append(chr((group | 0x20 if more else group) + 48))
    return "".join(said)


def runs_of(text: str) -> list[int]:
    """ValueError for what is no such text. Runs may be of no pixels."""
    runs: list[int] = []
    value = groups = 0
    for sign in text:
        bits = ord(sign) - 48
        if not 0 <= bits < 64 or groups == MOST_GROUPS:
            raise ValueError("no run lengths")
        value |= (bits & 0x1F) << 5 * groups
        groups += 1
        if bits & 0x20:
            continue
        value -= 1 << 5 * groups if bits & 0x10 else 0
        runs.append(value + (runs[-2] if len(runs) > 2 else 0))
        if runs[-1] < 0:
            raise ValueError("a run of less than no pixels")
        value = groups = 0
    if groups:
        raise ValueError("it breaks off")
    return runs


def shortest(runs: Sequence[int]) -> list[int]:
    """The same pixels without runs of none between others or at the end."""
    found: list[int] = []
    for k, run in enumerate(runs):
        inside = k % 2
        if not run and (found or inside):
            continue
        if len(found) % 2 == inside:
            found.append(run)
        elif found:
            found[-1] += run
        else:
            found += [0, run]
    return found


def size_inside(runs: Sequence[int]) -> int:
    """Pixels."""
    return sum(runs[1::2])


def shared(a: Sequence[int], b: Sequence[int]) -> int:
    """Pixels inside both of two masks of one size. Linear in their runs: how many of b's lie before each edge of a's."""
    ends = np.cumsum(b)
    inside = np.cumsum([run if k % 2 else 0 for k, run in enumerate(b)])
    before = np.interp(np.cumsum(a), np.append(0, ends), np.append(0, inside))
    return round(float(sum(end - start for start, end in zip(before[0::2], before[1::2], strict=False))))


def iou(a: Sequence[int], b: Sequence[int]) -> float:
    both = shared(a, b)
    either = size_inside(a) + size_inside(b) - both
    return both / either if either else 1.0


def mask_of(size: Sequence[int], text: str) -> np.ndarray:
    """(H, W) boolean mask of height and width `size`."""
    return decode({"size": size, "counts": runs_of(text)})


def text_of_mask(mask: np.ndarray) -> str:
    return text_of(encode(mask)["counts"])


# --- outlines ---------------------------------------------------------------------------------------------------------
Ring = list[tuple[int, int]]


def rings_of(mask: np.ndarray) -> list[Ring]:
    """Along the edges of the pixels of an (H, W) mask, corner by corner: what lies inside is to the right of the way. Pixels that touch
    at a corner only lie in rings of their own."""
    after = _edges(np.pad(np.asarray(mask, dtype=bool), 1))
    rings: list[Ring] = []
    for start in list(after):
        while start in after:
            rings.append(_ring(after, start))
    return rings


def _ring(after: dict[tuple[int, int], list[tuple[int, int]]], start: tuple[int, int]) -> Ring:
    """One ring, taken out of `after`. Where two ways go on, the right one stays with the same pixel."""
    ring, at, way = [start], start, (0, 0)
    while True:
        ways = after[at]
        here = _turned(way) if _turned(way) in ways else ways[0]
        ways.remove(here)
        if not ways:
            del after[at]
        if here != way != (0, 0):
            ring.append(at)
        way, at = here, (at[0] + here[0], at[1] + here[1])
        if at == start and _turned(way) not in after.get(at, ()):
            return ring


def simplified(rings: Sequence[Ring], off: float = 0.75) -> list[Ring]:
    """Fewer corners, none of those left out further than `off` from the line, in pixels: a slanting edge is a staircase whose corners
    lie 0.71 from it at most. (D. H. Douglas, T. K. Peucker, Cartographica 10 (1973), doi:10.3138/FM57-6770-U75U-7727)"""
    import shapely

    closed = [shapely.LinearRing(ring).simplify(off) for ring in rings]
    few = [[(int(x), int(y)) for x, y in ring.coords[:-1]] for ring in closed]
    return [ring if len(ring) > 2 else whole for ring, whole in zip(few, rings, strict=True)]


def _turned(way: tuple[int, int]) -> tuple[int, int]:
    """To the right, on a screen whose y runs down."""
    return -way[1], way[0]


def _edges(mask: np.ndarray) -> dict[tuple[int, int], list[tuple[int, int]]]:
    """From each corner of pixels (x, y) the ways of one pixel along the outline. `mask` has an empty margin of one."""
    after: dict[tuple[int, int], list[tuple[int, int]]] = {}
    inside = mask[1:-1, 1:-1]
    for way, outside, (dx, dy) in (
        ((1, 0), mask[:-2, 1:-1], (0, 0)),
        ((0, 1), mask[1:-1, 2:], (1, 0)),
        ((-1, 0), mask[2:, 1:-1], (1, 1)),
        ((0, -1), mask[1:-1, :-2], (0, 1)),
    ):
        for y, x in np.argwhere(inside & ~outside).tolist():
            after.setdefault((x + dx, y + dy), []).append(way)
    return after
