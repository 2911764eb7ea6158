"""Consensus of polygons: linked by IoU, then the area that the weighted majority of their marks covers (Shapely).

The outlines of an object's marks cut the plane into faces; a face belongs to the object when the workers who cover it hold more than half
of the weight (ties stay out). A worker weighs the inverse of her spread, the mean 1 - IoU of her marks with the consensus, held to
the crowd's. Existence and labels: `objects`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import shapely

from ..answers.codes import group
from .agreement import pair_agreement
from .iou import paired_polygon_iou
from .marks import Marks, Pairs, as_figures, canonical, similar_pairs
from .objects import Objects
from .place import MARKS_FOR_SPREAD
from .regions import Linked, MergedItem, best_threshold, collect, link, understand
from .worker_model import DEFAULT_PRIOR, ObjectPrior, Skills

MIN_IOU = 0.3  # average IoU of marks of one object
SPREAD_PRIOR = 0.15  # 1 - IoU
SMOOTHNESS = 0.003  # of the square root of the area: vertices that matter less are left out
OTHERS = 0.5  # pseudo-vote outside, for the expected IoU


@dataclass(frozen=True)
class _Areas:
    """polygons (C,) Shapely, placed (C,) expected IoU, spread (W,), crowd_spread."""

    polygons: np.ndarray
    placed: np.ndarray
    spread: np.ndarray
    crowd_spread: float


def merge_polygons(
    answers: Marks,
    skills: Skills | None = None,
    *,
    threshold: float | None = None,
    prior: ObjectPrior = DEFAULT_PRIOR,
) -> list[MergedItem]:
    """Consensus of every item in one call.

    answers: `Marks` whose shapes are rings, lists of at least three (x, y) in pixels; a ring that crosses itself is repaired and its
    largest part kept. skills: from `learn_polygon_skills`, else learned here. `MergedObject.shape` is a tuple of (x, y) without a
    closing point, `placed` the IoU with the truth to expect. ValueError for rings without area or points that are not finite.
    """
    answers, areas, order = _prepared(answers)
    pairs = _pairs(answers, areas)
    linked = link(answers, pairs, MIN_IOU)
    skills, objects, found = _fit(answers, areas, linked, skills, prior)
    shapes = [tuple(map(tuple, shapely.get_coordinates(p.exterior)[:-1].tolist())) for p in found.polygons]
    agreement = pair_agreement(answers, pairs).by_item()
    limit = skills.threshold if threshold is None else threshold
    return collect(answers, linked, objects, shapes, found.placed, agreement, limit, order)


def learn_polygon_skills(answers: Marks, *, prior: ObjectPrior = DEFAULT_PRIOR) -> Skills:
    """Ability, clutter, confusion and spread of every worker, from all answers given."""
    answers, areas, _ = _prepared(answers)
    return _fit(answers, areas, link(answers, _pairs(answers, areas), MIN_IOU), None, prior)[0]


def to_polygon(ring: list) -> shapely.Polygon:
    """A valid Shapely polygon of a ring of points; ValueError for fewer than three finite points or none with an area."""
    refusal = "polygons: a polygon needs at least three finite points (x, y)."
    points = as_figures(ring, refusal)
    if points.ndim != 2 or points.shape[1] != 2 or len(points) < 3 or not np.isfinite(points).all():
        raise ValueError(refusal)
    polygon = shapely.Polygon(points)
    polygon = polygon if polygon.is_valid else _largest(shapely.make_valid(polygon))
    if not polygon.area > 0:
        raise ValueError("polygons: a polygon needs an area.")
    return shapely.Polygon(polygon.exterior)


def majority_area(polygons: np.ndarray, weight: np.ndarray) -> tuple[shapely.Polygon, float]:
    """The largest part of the area that those of the polygons (n,) with more than half of the weight (n,) cover, and its
    expected IoU with the truth."""
    faces = _faces(polygons)
    inside = shapely.contains_xy(
        polygons[:, None], *shapely.get_coordinates(shapely.point_on_surface(faces)).T[:, None]
    )
    share = weight @ inside / weight.sum()
    kept = share > 0.5 + 1e-9
    if not kept.any():
        kept = share >= share.max() - 1e-9
    area = shapely.area(faces)
    chance = (share * len(polygons)) / (len(polygons) + OTHERS)
    expected = area[kept] @ chance[kept] / (area[kept].sum() + area[~kept] @ chance[~kept])
    merged = _largest(shapely.union_all(faces[kept]))
    smooth = shapely.simplify(merged, SMOOTHNESS * np.sqrt(merged.area))
    merged = smooth if smooth.is_valid and smooth.area > 0 else merged
    return shapely.Polygon(merged.exterior), float(expected)


def _faces(polygons: np.ndarray) -> np.ndarray:
    lines = shapely.union_all(shapely.boundary(polygons))
    return np.array(shapely.get_parts(shapely.polygonize([lines])), dtype=object)


def _largest(shape: shapely.Geometry) -> shapely.Polygon:
    """The largest polygon of a shape; empty when it has none."""
    parts = [p for p in shapely.get_parts(shape) if p.geom_type == "Polygon"]
    return max(parts, key=lambda p: (p.area, p.wkb), default=shapely.Polygon())


def _prepared(answers: Marks) -> tuple[Marks, np.ndarray, np.ndarray]:
    areas = np.array([to_polygon(ring) for ring in answers.shape], dtype=object)
    keys = np.hstack([shapely.bounds(areas), shapely.area(areas)[:, None]]) if len(areas) else np.zeros((0, 5))
    answers, order = canonical(answers, keys)
    return answers, areas[order], order


def _pairs(answers: Marks, areas: np.ndarray) -> Pairs:
    return similar_pairs(
        answers, lambda left, right: paired_polygon_iou(areas[left], areas[right]), shapely.bounds(areas)
    )


def _fit(
    answers: Marks, areas: np.ndarray, linked: Linked, skills: Skills | None, prior: ObjectPrior
) -> tuple[Skills, Objects, _Areas]:
    learned, objects = understand(answers, linked, skills, prior)
    found = _areas(areas, linked, answers.mark_worker, answers.n_workers, None if skills is None else skills.spread)
    if skills is not None:
        return skills, objects, found
    confidence = objects.exists * objects.label.max(axis=1, initial=0.0) * found.placed
    threshold = best_threshold(confidence, float(objects.exists.sum() + objects.missed.sum()))
    learned = replace(learned, spread=found.spread, crowd_spread=found.crowd_spread, threshold=threshold)
    return learned, objects, found


def _areas(areas: np.ndarray, linked: Linked, worker: np.ndarray, n_workers: int, spread: np.ndarray | None) -> _Areas:
    """Merge every candidate; with no spread given, once with equal weights, then with the spreads that this shows."""
    n = len(linked.item)
    members = group(linked.candidate, n)
    polygons, placed = np.empty(n, dtype=object), np.zeros(n)
    learn, crowd = spread is None, SPREAD_PRIOR
    spread = np.full(n_workers, crowd) if spread is None else spread
    for _ in range(2 if learn else 1):
        for c, mine in enumerate(members):
            polygons[c], placed[c] = majority_area(areas[mine], 1 / spread[worker[mine]])
        if learn:
            spread, crowd = _spreads(areas, polygons, linked.candidate, worker, n_workers)
    return _Areas(polygons, placed, spread, crowd)


def _spreads(
    areas: np.ndarray, polygons: np.ndarray, candidate: np.ndarray, worker: np.ndarray, n_workers: int
) -> tuple[np.ndarray, float]:
    several = np.bincount(candidate, minlength=len(polygons))[candidate] > 2
    off = np.where(several, 1 - paired_polygon_iou(areas, polygons[candidate]), 0.0) if len(areas) else np.zeros(0)
    far, count = np.bincount(worker, off, minlength=n_workers), np.bincount(worker, several, minlength=n_workers)
    crowd = (MARKS_FOR_SPREAD * SPREAD_PRIOR + far.sum()) / (MARKS_FOR_SPREAD + count.sum())
    return (MARKS_FOR_SPREAD * crowd + far) / (MARKS_FOR_SPREAD + count), float(crowd)
