"""mask: the pixels, or the rings, or the box that a file states, on the grid of an answer."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw

from labelling.task_types.errors import BadAnswer
from labelling.task_types.mask.answer import apart, joined
from labelling.task_types.mask.grid import grid_of
from labelling.task_types.runs import text_of_mask

TAKES_CROWDS = True  # a group that is marked as one is an area like any other
FINE = 4  # an area of rings is drawn so many times as fine, so that a cell is inside where most of it is


def of_outline(label: str, outline, question: dict) -> tuple[dict, bool]:
    width_px, height_px = question["width_px"], question["height_px"]
    size = grid_of(width_px, height_px)
    cut = False
    if outline.pixels is not None:
        cells = _resized(outline.pixels.mask, size)
    else:
        rings = outline.rings or (_corners(*outline.box),)
        xs, ys = zip(*(point for ring in rings for point in ring), strict=True)
        cut = min(*xs, *ys) < -1 or max(xs) > width_px + 1 or max(ys) > height_px + 1
        cells = _drawn(rings, width_px, height_px, size)
    if not cells.any():
        raise BadAnswer("gold", "nothing of it lies in the picture, or it has no area.")
    return {"label": label, "size": list(size), "counts": text_of_mask(cells)}, cut


def join(marks: list[dict]) -> list[dict]:
    """The masks of several objects as an answer has them: one a label, a cell where two lie over each other with the later one."""
    order = list(dict.fromkeys(mark["label"] for mark in marks))
    later_first = apart(marks[::-1])
    return sorted(joined(later_first), key=lambda mask: order.index(mask["label"]))


def _resized(pixels: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """A cell is what lies at its middle."""
    rows, columns = (((np.arange(n) + 0.5) * of / n).astype(int) for n, of in zip(size, pixels.shape, strict=True))
    return pixels[rows][:, columns]


def _drawn(rings, width_px: int, height_px: int, size: tuple[int, int]) -> np.ndarray:
    """Inside any of the rings: they are the parts of one thing (COCO; no ring states a hole)."""
    fine = Image.new("1", (size[1] * FINE, size[0] * FINE))
    across, down = fine.width / width_px, fine.height / height_px
    inside = np.zeros((fine.height, fine.width), dtype=bool)
    for ring in rings:
        one = Image.new("1", fine.size)
        ImageDraw.Draw(one).polygon([(x * across - 0.5, y * down - 0.5) for x, y in ring], fill=1)
        inside |= np.asarray(one)
    return inside.reshape(size[0], FINE, size[1], FINE).mean(axis=(1, 3)) > 0.5


def _corners(x: float, y: float, width: float, height: float) -> tuple[tuple[float, float], ...]:
    if width <= 0 or height <= 0:
        raise BadAnswer("gold", "it has no area.")
    return (x, y), (x + width, y), (x + width, y + height), (x, y + height)
