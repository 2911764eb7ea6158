"""Quads of whole pixels: the four corners of a line as it is read, from the upper left one of its first letter, clockwise."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely

Quad = Sequence[Sequence[float]]


def turns(quad: Quad) -> list[float]:
    """Twice the area of the triangle at each corner: all of one sign where it is convex, positive where it runs clockwise (y downwards)."""
    corners = [(*quad[n - 1], *quad[n], *quad[(n + 1) % 4]) for n in range(4)]
    return [(bx - ax) * (cy - by) - (by - ay) * (cx - bx) for ax, ay, bx, by, cx, cy in corners]


def is_quad(quad: Quad) -> bool:
    """Convex, and clockwise: neither flat, nor crossed, nor mirrored."""
    return all(turn > 0 for turn in turns(quad))


def iou(a: Sequence[Quad], b: Sequence[Quad]) -> np.ndarray:
    """(len(a), len(b)) intersection over union of their areas."""
    if not len(a) or not len(b):
        return np.zeros((len(a), len(b)))
    p, q = (np.array([shapely.Polygon(one) for one in quads], dtype=object) for quads in (a, b))
    inter = shapely.area(shapely.intersection(p[:, None], q[None, :]))
    return inter / (shapely.area(p)[:, None] + shapely.area(q)[None, :] - inter)


def from_ring(ring: Quad) -> list[list[float]] | None:
    """A quad of any outline: itself, turned clockwise and begun at its upper left, where it has four corners and is convex, else the
    smallest rectangle around it; None where it has no area."""
    corners = [list(point) for point in ring]
    clockwise = corners if sum(turns(corners)) > 0 else corners[::-1] if len(corners) == 4 else []
    if len(corners) != 4 or not is_quad(clockwise):
        around = shapely.minimum_rotated_rectangle(shapely.Polygon(ring))
        if around.geom_type != "Polygon":
            return None
        clockwise = [list(point) for point in shapely.get_coordinates(around.exterior)[:4].tolist()]
        clockwise = clockwise if sum(turns(clockwise)) > 0 else clockwise[::-1]
    first = _first(clockwise)
    return clockwise[first:] + clockwise[:first]


def _first(quad: list[list[float]]) -> int:
    """Where reading begins: of the two ends of the upper long side the left one. Upright text is wider than it is high."""
    sides = [np.hypot(quad[n][0] - quad[(n + 1) % 4][0], quad[n][1] - quad[(n + 1) % 4][1]) for n in range(4)]
    long = (0, 2) if sides[0] + sides[2] >= sides[1] + sides[3] else (1, 3)
    return min(long, key=lambda n: (quad[n][1] + quad[(n + 1) % 4][1], quad[n][0]))


def middle(quads: Sequence[Quad]) -> list[list[int]]:
    """The median of each corner, in whole pixels; where that is no quad, the one that is nearest to all others.

    Each is first begun at the corner that fits the first one best: people may begin a line at either end.
    """
    stood = np.array(quads, dtype=float)
    turned = np.stack([_like(one, stood[0]) for one in stood])
    found = np.rint(np.median(turned, axis=0)).astype(int).tolist()
    if is_quad(found):
        return found
    away = np.abs(turned[:, None] - turned[None]).sum(axis=(1, 2, 3))
    return np.rint(turned[int(away.argmin())]).astype(int).tolist()


def _like(quad: np.ndarray, other: np.ndarray) -> np.ndarray:
    ways = [np.roll(quad, n, axis=0) for n in range(4)]
    return min(ways, key=lambda way: float(np.abs(way - other).sum()))
