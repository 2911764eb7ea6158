"""Rings of whole pixels: one form for each, and from any outline the nearest that an answer can hold."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely

MAX_POINTS = 200
MIN_TOLERANCE_PX = 0.5


def area(ring: Sequence[Sequence[float]]) -> float:
    """Signed, in square pixels: positive where the ring runs clockwise on the screen (y downwards)."""
    behind = [*ring[1:], ring[0]]
    return sum(x * v - u * y for (x, y), (u, v) in zip(ring, behind, strict=True)) / 2


def without_repetition(ring: Sequence[Sequence[int]]) -> list[list[int]]:
    """Without points that say again where the ring was just now, the closing one among them."""
    return [list(point) for n, point in enumerate(ring) if list(point) != list(ring[n - 1]) or len(ring) == 1]


def is_simple(ring: Sequence[Sequence[float]]) -> bool:
    """Neither crosses nor touches itself."""
    return bool(shapely.Polygon(ring).is_valid)


def canonical(ring: Sequence[Sequence[int]]) -> list[list[int]]:
    """Clockwise on the screen, from its topmost, then leftmost point."""
    turned = list(ring) if area(ring) > 0 else list(ring)[::-1]
    first = min(range(len(turned)), key=lambda n: (turned[n][1], turned[n][0]))
    return [list(point) for point in turned[first:] + turned[:first]]


def polygons_of(marks: Sequence[dict]) -> np.ndarray:
    """(n,) Shapely polygons of the marks of an answer."""
    return np.array([shapely.Polygon(mark["points"]) for mark in marks], dtype=object)


def nearest(shape: shapely.Geometry, width_px: int, height_px: int) -> list[list[int]] | None:
    """The largest part of a shape inside the picture as a ring that an answer can hold; None where nothing of it has an area."""
    whole = shape if shape.is_valid else shapely.make_valid(shape)
    part = _largest(shapely.intersection(whole, shapely.box(0, 0, width_px, height_px)))
    tolerance = 0.0
    while not part.is_empty:
        simpler = _largest(shapely.make_valid(part.simplify(tolerance))) if tolerance else part
        ring = without_repetition(np.rint(shapely.get_coordinates(simpler.exterior)).astype(int).tolist())
        if len(ring) < 3 or not area(ring):
            return None
        if len(ring) <= MAX_POINTS and is_simple(ring):
            return canonical(ring)
        if not is_simple(ring):  # rounding closed a gap: what it cut off goes
            part = _largest(shapely.make_valid(shapely.Polygon(ring)))
        tolerance = max(MIN_TOLERANCE_PX, 2 * tolerance)
    return None


def _largest(shape: shapely.Geometry) -> shapely.Polygon:
    """Its largest polygon, without holes; empty where there is none."""
    parts = [part for part in shapely.get_parts(shape) if part.geom_type == "Polygon"]
    inner = [one for part in shapely.get_parts(shape) for one in shapely.get_parts(part) if one.geom_type == "Polygon"]
    found = max([*parts, *inner], key=lambda part: (part.area, part.wkb), default=shapely.Polygon())
    return shapely.Polygon(found.exterior)
