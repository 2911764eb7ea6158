"""What a file beside pictures states of them: marks with an outline, before anybody has looked at the picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from consensus.core.regions.rle import decode
from labelling.task_types.drawing import Mask
from labelling.task_types.runs import mask_of

Point = tuple[float, float]
Ring = tuple[Point, ...]


@dataclass(frozen=True)
class Pixels:
    """Those of a mask, as run lengths column by column (zeros first) until somebody asks for them."""

    height_px: int
    width_px: int
    counts: tuple[int, ...]

    @property
    def mask(self) -> np.ndarray:
        """(H, W) boolean."""
        return decode({"size": [self.height_px, self.width_px], "counts": self.counts})

    @property
    def box(self) -> tuple[float, float, float, float] | None:
        """Around those inside; None where there are none."""
        rows, columns = (np.flatnonzero(self.mask.any(axis=axis)) for axis in (1, 0))
        if not len(rows):
            return None
        return float(columns[0]), float(rows[0]), float(columns[-1] + 1 - columns[0]), float(rows[-1] + 1 - rows[0])


@dataclass(frozen=True)
class Outline:
    """Where a mark lies: its rings, its box (x, y, width, height) where the file says one of its own, its named points (name, "" where
    the file has none, x, y, and v as in COCO), and its pixels. text: what is written there."""

    rings: tuple[Ring, ...] = ()
    box: tuple[float, float, float, float] | None = None
    points: tuple[tuple[str, float, float, int], ...] = ()
    text: str = ""
    pixels: Pixels | None = None

    def around(self) -> tuple[float, float, float, float]:
        """Its box, or the one around all its rings."""
        if self.box is not None:
            return self.box
        xs, ys = ([point[axis] for ring in self.rings for point in ring] for axis in (0, 1))
        return min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys)


@dataclass(frozen=True)
class Mark:
    """One annotation: which labels it may mean (name or id of its category), and its outline, or what is wrong with it."""

    name: str
    labels: tuple
    outline: Outline = Outline()
    fault: str = ""
    crowd: bool = False  # several things that were marked as one


@dataclass(frozen=True)
class Marks:
    """All marks of one picture. `unit`: places are shares of its width and height, whatever they are."""

    marks: tuple[Mark, ...]
    width_px: int | None
    height_px: int | None
    unit: bool = False


def full_size(shape: Mask) -> np.ndarray:
    """(H, W) boolean, in the pixels of the picture: each is as the cell of the grid that it lies in."""
    mask = mask_of(shape.size, shape.counts)
    size = shape.height_px, shape.width_px
    rows, columns = (np.arange(n) * of // n for n, of in zip(size, mask.shape, strict=True))
    return mask if mask.shape == size else mask[rows][:, columns]


def area(ring: Sequence[tuple[float, float]]) -> float:
    """Of the polygon, in square pixels (the shoelace formula)."""
    behind = [*ring[1:], ring[0]]
    return abs(sum(x * v - u * y for (x, y), (u, v) in zip(ring, behind, strict=True))) / 2
