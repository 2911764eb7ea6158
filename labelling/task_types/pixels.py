"""Places in a picture as answers have them: whole pixels, inside it."""

from __future__ import annotations

from collections.abc import Sequence


def box_inside(box: Sequence[float], question: dict) -> tuple[int, int, int, int]:
    """x, y, width and height: of a box given so, what lies in the picture."""
    x, y, width, height = box
    left, right = edges_inside(x, width, question["width_px"])
    top, bottom = edges_inside(y, height, question["height_px"])
    return left, top, right - left, bottom - top


def edges_inside(start: float, length: float, most: int) -> tuple[int, int]:
    """Rounded, inside, and at least one pixel apart: what is thinner than a pixel is still where it is."""
    first = min(max(0, round(start)), most - 1)
    return first, max(first + 1, min(most, round(start + length)))
