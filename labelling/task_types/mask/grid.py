"""The grid of an answer: the picture, no longer than GRID_PX on its longer side."""

from __future__ import annotations

GRID_PX = 1024


def grid_of(width_px: int, height_px: int) -> tuple[int, int]:
    """(height, width) in cells, each at least one."""
    shrink = max(1.0, max(width_px, height_px) / GRID_PX)
    return max(1, int(height_px / shrink + 0.5)), max(1, int(width_px / shrink + 0.5))
