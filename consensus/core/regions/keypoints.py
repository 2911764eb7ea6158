"""Consensus of keypoints: skeletons of several workers linked by OKS, each point the weighted geometric median of its marks.

The geometric median (Weiszfeld 1937; Vardi & Zhang 2000, doi:10.1073/pnas.97.4.1423) moves little when one worker confuses left and right.
Weights are inverse spreads; a worker's spread is her mean distance from the consensus in units of the object's size, held to the
crowd's. Points are (x, y, v): v = 0 not given, 1 given but hidden, 2 visible, as in COCO. Existence and labels: `objects`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from .agreement import pair_agreement
from .marks import Marks, Pairs, as_figures, canonical, similar_pairs
from .objects import Objects
from .oks import DEFAULT_SIGMA, points_area, symmetric_oks
from .place import MARKS_FOR_SPREAD, medians
from .regions import Linked, MergedItem, best_threshold, collect, link, understand
from .worker_model import DEFAULT_PRIOR, ObjectPrior, Skills

MIN_OKS = 0.3  # mean similarity of marks of one object
LINK_SIGMA = 2 * DEFAULT_SIGMA  # linking bears twice the scatter that agreement does
SPREAD_PRIOR = 0.05  # of the square root of the box around the points
SMALLEST_SIZE = 4.0  # pixels: one point alone has no size
GOOD = 2 * DEFAULT_SIGMA  # a point within this share of the size is placed
NEAREST = 1e-3  # pixels: a mark nearer than this pulls no harder


@dataclass(frozen=True)
class _Skeletons:
    """points (C, P, 3): x, y and the v that most gave, zeros where most gave none; placed (C,); spread (W,), crowd_spread."""

    points: np.ndarray
    placed: np.ndarray
    spread: np.ndarray
    crowd_spread: float


def merge_keypoints(
    answers: Marks,
    skills: Skills | None = None,
    *,
    threshold: float | None = None,
    prior: ObjectPrior = DEFAULT_PRIOR,
) -> list[MergedItem]:
    """Consensus of every item in one call.

    answers: `Marks` with shape (M, P, 3) points (x, y, v) in pixels. skills: from `learn_keypoint_skills`, else learned here.
    `MergedObject.shape` is a tuple of P tuples (x, y, v), (0, 0, 0) where most did not give the point; `placed` is the mean chance of
    its points to lie within GOOD of the size. ValueError for v other than 0, 1, 2, points that are not finite, marks without points.
    """
    answers, points, order = _prepared(answers)
    linked = link(answers, _pairs(answers, points, LINK_SIGMA), MIN_OKS)
    skills, objects, found = _fit(answers, points, linked, skills, prior)
    shapes = [tuple((x, y, int(v)) for x, y, v in skeleton) for skeleton in found.points.tolist()]
    agreement = pair_agreement(answers, _pairs(answers, points, DEFAULT_SIGMA)).by_item()
    limit = skills.threshold if threshold is None else threshold
    return collect(answers, linked, objects, shapes, found.placed, agreement, limit, order)


def learn_keypoint_skills(answers: Marks, *, prior: ObjectPrior = DEFAULT_PRIOR) -> Skills:
    """Ability, clutter, confusion and spread of every worker, from all answers given."""
    answers, points, _ = _prepared(answers)
    return _fit(answers, points, link(answers, _pairs(answers, points, LINK_SIGMA), MIN_OKS), None, prior)[0]


def geometric_median(
    points: np.ndarray, weight: np.ndarray, code: np.ndarray, n: int, rounds: int = 50
) -> tuple[np.ndarray, np.ndarray]:
    """Weighted geometric medians (n, 2) of the points (m, 2) of each code, and the effective number of points (n,) behind each."""
    centre = medians(points, code, n)
    for _ in range(rounds):
        pull = weight / np.maximum(np.linalg.norm(points - centre[code], axis=1), NEAREST)
        total = np.bincount(code, pull, minlength=n)
        centre = np.stack([np.bincount(code, pull * points[:, d], minlength=n) / total for d in (0, 1)], axis=1)
    behind = np.bincount(code, weight, minlength=n) ** 2 / np.bincount(code, weight**2, minlength=n)
    return centre, behind


def _prepared(answers: Marks) -> tuple[Marks, np.ndarray, np.ndarray]:
    points = _checked(answers)
    answers, order = canonical(answers, points.reshape(len(points), 3 * points.shape[1]))
    return answers, points[order], order


def _checked(answers: Marks) -> np.ndarray:
    refusal = "keypoints: every mark needs the same number of finite points (x, y, v)."
    points = as_figures(answers.shape, refusal) if len(answers.shape) else np.zeros((0, 1, 3))
    if points.ndim != 3 or points.shape[2] != 3 or not np.isfinite(points).all():
        raise ValueError(refusal)
    if not np.isin(points[:, :, 2], (0, 1, 2)).all() or not (points[:, :, 2] > 0).any(axis=1).all():
        raise ValueError("keypoints: v must be 0, 1 or 2, and at least one point of a mark must be given.")
    return points


def _pairs(answers: Marks, points: np.ndarray, sigma: float) -> Pairs:
    place, given = points[:, :, :2], points[:, :, 2] > 0
    return similar_pairs(answers, lambda a, b: symmetric_oks(place[a], place[b], given[a], given[b], sigma))


def _fit(
    answers: Marks, points: np.ndarray, linked: Linked, skills: Skills | None, prior: ObjectPrior
) -> tuple[Skills, Objects, _Skeletons]:
    learned, objects = understand(answers, linked, skills, prior)
    found = _skeletons(
        points, linked, answers.mark_worker, answers.n_workers, None if skills is None else skills.spread
    )
    if skills is not None:
        return skills, objects, found
    confidence = objects.exists * objects.label.max(axis=1, initial=0.0) * found.placed
    threshold = best_threshold(confidence, float(objects.exists.sum() + objects.missed.sum()))
    learned = replace(learned, spread=found.spread, crowd_spread=found.crowd_spread, threshold=threshold)
    return learned, objects, found


def _skeletons(
    points: np.ndarray, linked: Linked, worker: np.ndarray, n_workers: int, spread: np.ndarray | None
) -> _Skeletons:
    n, n_points = len(linked.item), points.shape[1]
    mark, which = np.nonzero(points[:, :, 2] > 0)
    place, who = points[mark, which, :2], worker[mark]
    used, code = np.unique(linked.candidate[mark] * n_points + which, return_inverse=True)
    area = np.bincount(linked.candidate, points_area(points[:, :, :2], points[:, :, 2] > 0), minlength=n)
    size = np.maximum(np.sqrt(area / np.maximum(np.bincount(linked.candidate, minlength=n), 1)), SMALLEST_SIZE)
    scale = size[used // n_points]
    learn, crowd = spread is None, SPREAD_PRIOR
    spread = np.full(n_workers, crowd) if spread is None else spread
    for _ in range(3 if learn else 1):
        centre, behind = geometric_median(place, 1 / spread[who], code, len(used))
        away = np.linalg.norm(place - centre[code], axis=1) / scale[code]
        if learn:
            spread, crowd = _spreads(away, behind[code], who, n_workers)
    error = np.sqrt(np.bincount(code, (away * scale[code]) ** 2, minlength=len(used)) + (crowd * scale) ** 2)
    error /= np.bincount(code, minlength=len(used)) + 1
    near = 1 - np.exp(-((GOOD * scale) ** 2) / (2 * error**2))
    merged = np.zeros((n * n_points, 3))
    merged[used, :2] = centre
    merged = merged.reshape(n, n_points, 3)
    merged[:, :, 2] = _visibility(points, linked, worker, spread)
    merged[merged[:, :, 2] == 0] = 0
    chance = np.zeros(n * n_points)
    chance[used] = near
    given = merged[:, :, 2] > 0
    placed = (chance.reshape(n, n_points) * given).sum(axis=1) / np.maximum(given.sum(axis=1), 1)
    return _Skeletons(merged, placed, spread, crowd)


def _spreads(away: np.ndarray, behind: np.ndarray, who: np.ndarray, n_workers: int) -> tuple[np.ndarray, float]:
    """Mean distance of every worker where others marked the point too, corrected for her own share in the median."""
    others = behind > 1.5
    freedom = np.where(others, 1 - 1 / np.maximum(behind, 1.0), 0.0)
    far = np.bincount(who, np.where(others, away, 0.0), minlength=n_workers)
    count = np.bincount(who, freedom, minlength=n_workers)
    crowd = (MARKS_FOR_SPREAD * SPREAD_PRIOR + far.sum()) / (MARKS_FOR_SPREAD + count.sum())
    return (MARKS_FOR_SPREAD * crowd + far) / (MARKS_FOR_SPREAD + count), float(crowd)


def _visibility(points: np.ndarray, linked: Linked, worker: np.ndarray, spread: np.ndarray) -> np.ndarray:
    """(C, P) v by weighted vote: first given or not, then visible or hidden; ties are given, and visible."""
    n, n_points = len(linked.item), points.shape[1]
    weight = (1 / spread[worker])[:, None]
    votes = np.zeros((3, n, n_points))
    for v in range(3):
        np.add.at(votes[v], linked.candidate, weight * (points[:, :, 2] == v))
    given = votes[1] + votes[2] >= votes[0]
    return np.where(given, np.where(votes[2] >= votes[1], 2, 1), 0)
