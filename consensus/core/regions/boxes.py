"""Consensus of boxes: existence x label x place. Boxes are rows [x, y, width, height] in pixels, float.

The model is `objects` (who marked what, who looked and saw nothing) and `place` (edges [left, top, right, bottom], each with a
localisation error of its worker in units of the box's width or height plus EDGE_PIXELS). Marks are linked by IoU.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy.special import ndtri

from .agreement import pair_agreement
from .iou import corner_iou, from_corners, to_corners
from .marks import Marks, Pairs, as_figures, canonical, similar_pairs
from .objects import Objects
from .place import HeldWorkers, Places, place
from .regions import Linked, MergedItem, best_threshold, collect, link, understand
from .worker_model import DEFAULT_PRIOR, ObjectPrior, Skills

MIN_IOU = 0.3  # average IoU of marks of one object; crowds draw boxes of one thing that overlap by less than half
EDGE_PIXELS = 10.0  # added to the size in which errors are measured: on a small box nobody errs by a share of it only
N_DRAWS = 64


def merge_boxes(
    answers: Marks,
    skills: Skills | None = None,
    *,
    target_iou: float = 0.5,
    threshold: float | None = None,
    prior: ObjectPrior = DEFAULT_PRIOR,
) -> list[MergedItem]:
    """Consensus of every item in one call.

    answers: `Marks` with shape (M, 4) boxes [x, y, w, h]; build it with `marks_from_rows`. skills: what `learn_box_skills` gave, one
    row per worker code (`default_skills` rows for newcomers); None learns them from these answers. target_iou: how near the truth a
    box must lie to count as placed. threshold: least confidence of a kept object, by default the skills' own, which maximises
    expected F1. Returns one `MergedItem` per item code; `MergedObject.shape` is a tuple (x, y, w, h).
    Raises ValueError when a box has a negative size or is not finite, or skills and answers differ in workers or labels.
    """
    answers, order = canonical(answers, _checked_corners(answers))
    corners = _checked_corners(answers)
    pairs = _pairs(answers, corners)
    linked = link(answers, pairs, MIN_IOU)
    skills, objects, places = _fit(answers, corners, linked, skills, prior, target_iou)
    placed = chance_placed(places.centre, places.error, target_iou)
    if threshold is None:
        threshold = skills.threshold
    shapes = [tuple(box) for box in from_corners(places.centre).tolist()]
    agreement = pair_agreement(answers, pairs).by_item()
    return collect(answers, linked, objects, shapes, placed, agreement, threshold, order)


def learn_box_skills(answers: Marks, *, target_iou: float = 0.5, prior: ObjectPrior = DEFAULT_PRIOR) -> Skills:
    """Skills of every worker (ability, clutter, confusion, spread, bias) and of the crowd, by EM over all answers given."""
    answers, _ = canonical(answers, _checked_corners(answers))
    corners = _checked_corners(answers)
    return _fit(answers, corners, link(answers, _pairs(answers, corners), MIN_IOU), None, prior, target_iou)[0]


def _fit(
    answers: Marks,
    corners: np.ndarray,
    linked: Linked,
    skills: Skills | None,
    prior: ObjectPrior,
    target_iou: float = 0.5,
) -> tuple[Skills, Objects, Places]:
    learned, objects = understand(answers, linked, skills, prior)
    held: HeldWorkers = (
        {} if skills is None else {"spread": skills.spread, "bias": skills.bias, "crowd_spread": skills.crowd_spread}
    )
    places = place(
        corners, linked.candidate, answers.mark_worker, edge_scale, len(linked.item), answers.n_workers, **held
    )
    if skills is not None:
        return skills, objects, places
    confidence = (
        objects.exists * objects.label.max(axis=1, initial=0.0) * chance_placed(places.centre, places.error, target_iou)
    )
    total = float(objects.exists.sum() + objects.missed.sum())
    learned = replace(
        learned,
        spread=places.spread,
        bias=places.bias,
        crowd_spread=places.crowd_spread,
        threshold=best_threshold(confidence, total),
    )
    return learned, objects, places


def chance_placed(centre: np.ndarray, error: np.ndarray, target_iou: float) -> np.ndarray:
    """(C,) chance that the true box has IoU >= target with the merged one, edges being normal with the errors given.

    The same N_DRAWS quasi-random draws (Halton 1960, doi:10.1007/BF01386213) serve every box, so the figure repeats bit for bit.
    """
    draws = centre[:, None] + error[:, None] * _normal_draws()[None]
    return (corner_iou(centre[:, None], draws) >= target_iou).mean(axis=1)


def _normal_draws() -> np.ndarray:

    return ndtri(np.stack([_van_der_corput(base) for base in (2, 3, 5, 7)], axis=1))


def _van_der_corput(base: int) -> np.ndarray:
    value, share, left = np.zeros(N_DRAWS), 1.0, np.arange(1, N_DRAWS + 1)
    while left.any():
        share /= base
        value += share * (left % base)
        left //= base
    return value


def _pairs(answers: Marks, corners: np.ndarray) -> Pairs:
    return similar_pairs(answers, lambda left, right: corner_iou(corners[left], corners[right]), corners)


def edge_scale(centre: np.ndarray) -> np.ndarray:
    """(C, 4) unit in which the errors of [left, top, right, bottom] are measured: the box's width or height and EDGE_PIXELS."""
    return np.tile(np.maximum(centre[:, 2:] - centre[:, :2], 0.0) + EDGE_PIXELS, 2)


def _checked_corners(answers: Marks) -> np.ndarray:
    refusal = "boxes: every box needs finite [x, y, width, height] with width and height of 0 or more."
    boxes = as_figures(answers.shape, refusal) if len(answers.shape) else np.zeros((0, 4))
    if boxes.ndim != 2 or boxes.shape[1] != 4 or not np.isfinite(boxes).all() or (boxes[:, 2:] < 0).any():
        raise ValueError(refusal)
    return to_corners(boxes)
