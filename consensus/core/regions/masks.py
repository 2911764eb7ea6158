"""Consensus of masks: contours with a localisation error of every worker; STAPLE and votes beside it.

"contour" (the default) is the model of `place` on contours. d_k(x) is the signed distance of pixel x to the contour of answer k (inside
positive), in units of the square root of the object's area (shape-based averaging: Rohlfing & Maurer 2007, doi:10.1109/TIP.2006.884936):

    d_k(x) - d(x) ~ Student-t(NU; 0, spread_k),   spread_k^2 held to the worker's, or to the mean of the item's answers

fitted by reweighted least squares over the disputed pixels only; x is inside where d(x) > 0. A careless outline loses its weight,
and where one leaks out of the object only that part of it does.

"staple" (Warfield, Zou & Wells 2004, doi:10.1109/TMI.2004.828354) finds sensitivity and specificity of each answer by EM on the
box around the disputed ones. Pixels with one pattern of votes share one posterior, so EM runs over patterns, not pixels. It takes
neighbouring pixels for independent, which they are not, and is too sure. "vote" is the weighted share of votes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from scipy.ndimage import distance_transform_edt
from scipy.special import ndtr

from ..answers.codes import group, mean_by, pairs_within
from .iou import mask_iou_matrix
from .marks import Marks, Pairs, canonical
from .place import MARKS_FOR_SPREAD, NU
from .regions import Linked, MergedItem, best_threshold, collect, link, understand
from .rle import decode, encode
from .worker_model import DEFAULT_PRIOR, ObjectPrior, Skills

LONGEST_SIDE = 256  # pixels of the disputed box on which distances are taken; larger boxes are thinned out
SPREAD_PRIOR = 0.05  # of the square root of the object's area
MIN_IOU = 0.1  # average IoU of masks of one thing: thin things that were drawn well share no more than a third
HOLD = 0.2  # masks' worth of evidence that holds the spread of an answer to its worker's
STAPLE_STRENGTH = 100.0  # pseudo-pixels per rate
STAPLE_RATE = 0.9


@dataclass(frozen=True)
class _Fused:
    """chance (h, w): of every pixel of the box to be inside; squares, freedom (n,): residuals of each answer."""

    chance: np.ndarray
    squares: np.ndarray
    freedom: np.ndarray


def merge_masks(
    answers: Marks,
    skills: Skills | None = None,
    *,
    method: str = "contour",
    threshold: float | None = None,
    prior: ObjectPrior = DEFAULT_PRIOR,
) -> list[MergedItem]:
    """Consensus mask of every class of every item in one call; of a class that was seen in two places far apart one for each.

    answers: `Marks` whose shapes are run-length masks ({"size", "counts"}, see `rle`), at most one of a class per answer, one size per
    item; an answer without a mask of a class says that there is none. method: "contour", "staple" or "vote". `MergedObject.shape` is
    a run-length mask and `placed` the IoU with the truth to expect. ValueError for broken runs or masks of two sizes on one item.
    """
    if method not in METHODS:
        raise ValueError(f'method must be one of {", ".join(METHODS)}, not "{method}".')
    answers, order = canonical(answers, np.zeros((len(answers.answer), 1)))
    linked = _by_class(answers)
    known = skills
    skills, objects = _understand(answers, linked, known, prior)
    shapes, placed = [], np.zeros(len(linked.item))
    for c, mine in enumerate(group(linked.candidate, len(linked.item))):
        masks = _decoded(answers, mine)
        spread = skills.spread[answers.mark_worker[mine]] if skills.looks.any() else None
        mask, placed[c] = fuse(masks, method, spread)
        shapes.append(encode(mask))
    certain = np.eye(answers.n_labels)[answers.label[_first(linked)]] if len(linked.item) else objects.label
    objects = replace(objects, label=certain)
    total = float(objects.exists.sum() + objects.missed.sum())
    if threshold is None and known is not None:
        threshold = known.threshold  # an area that is likelier not there than there is left out
    elif threshold is None:
        threshold = min(best_threshold(objects.exists * placed, total), 0.5)
    return collect(answers, linked, objects, shapes, placed, mask_agreement(answers), threshold, order)


def learn_mask_skills(answers: Marks, prior: ObjectPrior = DEFAULT_PRIOR) -> Skills:
    """Ability to see what is there, and contour spread of every worker, from all answers given."""
    answers, _ = canonical(answers, np.zeros((len(answers.answer), 1)))
    linked = _by_class(answers)
    learned, _ = _understand(answers, linked, None, prior)
    squares, freedom = np.zeros(answers.n_workers), np.zeros(answers.n_workers)
    for mine in group(linked.candidate, len(linked.item)):
        if len(mine) > 1:
            fused = _contour(_decoded(answers, mine), None)
            np.add.at(squares, answers.mark_worker[mine], fused.squares)
            np.add.at(freedom, answers.mark_worker[mine], fused.freedom)
    crowd = (MARKS_FOR_SPREAD * SPREAD_PRIOR**2 + squares.sum()) / (MARKS_FOR_SPREAD + freedom.sum())
    own = (MARKS_FOR_SPREAD * crowd + squares) / (MARKS_FOR_SPREAD + freedom)
    return replace(learned, spread=np.sqrt(own), crowd_spread=float(np.sqrt(crowd)))


def fuse(masks: np.ndarray, method: str = "contour", spread: np.ndarray | None = None) -> tuple[np.ndarray, float]:
    """One mask (H, W) from the boolean masks (n, H, W) of one object, and its expected IoU with the truth. spread: (n,) of the workers.
    Ties (a pixel that is as likely in as out) stay out. The IoU is taken under the mean of the pixel chances and the vote shares, for
    pixels err together and the chances alone are too sure."""
    box = _box(masks)
    merged = np.zeros(masks.shape[1:], dtype=bool)
    if box is None:
        return merged, 1.0
    chance = METHODS[method](masks[:, *box], spread).chance
    inside = chance > 0.5
    merged[box] = inside
    sure = (chance + soft_votes(masks[:, *box])) / 2
    union = inside.sum() + sure[~inside].sum()
    return merged, float(sure[inside].sum() / union) if union else 1.0


def soft_votes(masks: np.ndarray, weights: np.ndarray | None = None) -> np.ndarray:
    """(H, W) weighted share of the masks (n, H, W) that hold each pixel."""
    return np.average(masks, axis=0, weights=weights)


def mask_agreement(answers: Marks) -> np.ndarray:
    """(N,) mean over pairs of answers of the mean IoU over the classes that either has; two answers without masks agree fully."""
    item, value = [], []
    marks_of = group(answers.answer, answers.n_answers)
    for number, looks in enumerate(group(answers.item, answers.n_items)):
        if len(looks) < 2:
            continue
        mine = np.concatenate([marks_of[a] for a in looks])
        like = mask_iou_matrix(*[_cropped(_decoded(answers, mine))] * 2) if len(mine) else np.zeros((0, 0))
        at = [{int(answers.label[m]): row for row, m in enumerate(mine) if answers.answer[m] == a} for a in looks]
        for a, b in zip(*pairs_within(np.zeros(len(looks), dtype=np.int64)), strict=True):
            classes = at[a].keys() | at[b].keys()
            shared = [like[at[a][k], at[b][k]] if k in at[a] and k in at[b] else 0.0 for k in classes]
            item.append(number)
            value.append(float(np.mean(shared)) if shared else 1.0)
    return mean_by(np.array(item, dtype=np.int64), np.array(value), answers.n_items)


def _by_class(answers: Marks) -> Linked:
    """Masks of one class of one item, those apart that hardly overlap: they are of other things."""
    key = answers.mark_item * answers.n_labels + answers.label
    classes, of_class = np.unique(key, return_inverse=True)
    if len(np.unique(of_class * (answers.n_answers + 1) + answers.answer)) < len(of_class):
        raise ValueError("masks: an answer may hold one mask of each class.")
    found = [(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64), np.zeros(0))]
    for mine in group(of_class, len(classes)):
        if len(mine) > 1:
            like = mask_iou_matrix(*[_cropped(_decoded(answers, mine))] * 2)
            left, right = np.triu_indices(len(mine), 1)
            found.append((mine[left], mine[right], like[left, right]))
    return link(answers, Pairs(*(np.concatenate(column) for column in zip(*found, strict=True))), MIN_IOU)


def _first(linked: Linked) -> np.ndarray:
    return np.unique(linked.candidate, return_index=True)[1]


def _understand(answers: Marks, linked: Linked, skills: Skills | None, prior: ObjectPrior):
    """Classes are given, not doubted: existence is inferred without labels."""
    plain = replace(answers, label=np.zeros_like(answers.label), n_labels=1, labels=np.arange(1))
    return understand(plain, linked, skills, prior)


def _decoded(answers: Marks, mine: np.ndarray) -> np.ndarray:
    masks = [decode(answers.shape[m]) for m in mine]
    if len({mask.shape for mask in masks}) > 1:
        raise ValueError(f"masks: item {int(answers.mark_item[mine[0]])} has masks of more than one size.")
    return np.stack(masks)


def _box(masks: np.ndarray) -> tuple[slice, slice] | None:
    """Rows and columns of the union of masks (n, H, W) with a margin of one pixel; None when it is empty."""
    rows, columns = np.flatnonzero(masks.any(axis=(0, 2))), np.flatnonzero(masks.any(axis=(0, 1)))
    if not len(rows):
        return None
    return slice(max(rows[0] - 1, 0), rows[-1] + 2), slice(max(columns[0] - 1, 0), columns[-1] + 2)


def _cropped(masks: np.ndarray) -> np.ndarray:
    box = _box(masks)
    return masks[:, :1, :1] if box is None else masks[:, *box]


def _contour(masks: np.ndarray, spread: np.ndarray | None, rounds: int = 10) -> _Fused:
    n = len(masks)
    votes = masks.sum(axis=0)
    step = max(1, -(-max(votes.shape) // LONGEST_SIDE))
    few = masks[:, step // 2 :: step, step // 2 :: step]
    some = few.sum(axis=0)
    disputed = (some > 0) & (some < n)
    nothing = np.zeros(n)
    if not disputed.any():
        return _Fused(votes / n, nothing, nothing)
    distance = np.stack([_signed_distance(mask)[disputed] for mask in few]) / np.sqrt(max((2 * some > n).sum(), 1))
    centre, error, squares, freedom = _fit_field(distance, spread, rounds)
    field = np.where(some == n, 1.0, 0.0)
    field[disputed] = ndtr(centre / error)
    field = np.repeat(np.repeat(field, step, axis=0), step, axis=1)
    field = np.pad(
        field, [(0, max(0, size - have)) for size, have in zip(votes.shape, field.shape, strict=True)], mode="edge"
    )
    chance = np.where((votes > 0) & (votes < n), field[: votes.shape[0], : votes.shape[1]], votes / n)
    return _Fused(chance, squares, freedom)


def _signed_distance(mask: np.ndarray) -> np.ndarray:
    """Distance of every pixel to the contour, half a pixel from its own side; an empty mask is far from everything."""
    if mask.all() or not mask.any():
        return np.full(mask.shape, (1.0 if mask.any() else -1.0) * max(mask.shape))
    return distance_transform_edt(mask) - distance_transform_edt(~mask) - (mask - 0.5)


def _fit_field(
    distance: np.ndarray, spread: np.ndarray | None, rounds: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Centre and standard error (P,) of the distances (n, P); mean square residual and freedom (n,) of each answer."""
    held = np.full(len(distance), SPREAD_PRIOR) if spread is None else spread
    own = held
    centre = np.median(distance, axis=0)
    for _ in range(rounds):
        trust = (NU + 1) / (NU + ((distance - centre) / own[:, None]) ** 2)
        weight = trust / own[:, None] ** 2
        total = weight.sum(axis=0)
        centre = (weight * distance).sum(axis=0) / total
        squares = (trust * (distance - centre) ** 2).mean(axis=1)
        freedom = (1 - weight / total).mean(axis=1)
        if spread is None:
            held = np.full(len(distance), np.sqrt(squares.sum() / max(freedom.sum(), 1e-9)))
        own = np.sqrt(np.maximum((HOLD * held**2 + squares) / (HOLD + freedom), 1e-6))
    return centre, 1 / np.sqrt(total), squares, freedom


def _staple(masks: np.ndarray, spread: np.ndarray | None, rounds: int = 50) -> _Fused:
    n = len(masks)
    flat = masks.reshape(n, -1).T
    packed = np.packbits(flat, axis=1)
    key = np.ascontiguousarray(packed).view([("", packed.dtype)] * packed.shape[1]).ravel()
    _, first, pattern, count = np.unique(key, return_index=True, return_inverse=True, return_counts=True)
    said = flat[first].astype(float)
    inside = said.mean(axis=1)
    for _ in range(rounds):
        real, other = count * inside, count * (1 - inside)
        hold = STAPLE_STRENGTH * STAPLE_RATE
        sensitivity = np.clip((hold + real @ said) / (STAPLE_STRENGTH + real.sum()), 1e-4, 1 - 1e-4)
        specificity = np.clip((hold + other @ (1 - said)) / (STAPLE_STRENGTH + other.sum()), 1e-4, 1 - 1e-4)
        share = np.clip(real.sum() / count.sum(), 1e-4, 1 - 1e-4)
        logit = np.log(share / (1 - share)) + said @ np.log(sensitivity / (1 - specificity))
        logit += (1 - said) @ np.log((1 - sensitivity) / specificity)
        inside = 1 / (1 + np.exp(-np.clip(logit, -40, 40)))
    return _Fused(inside[pattern].reshape(masks.shape[1:]), np.zeros(n), np.zeros(n))


def _vote(masks: np.ndarray, spread: np.ndarray | None) -> _Fused:
    weights = None if spread is None else 1 / spread**2
    return _Fused(soft_votes(masks, weights), np.zeros(len(masks)), np.zeros(len(masks)))


METHODS: dict[str, Callable[..., _Fused]] = {"contour": _contour, "staple": _staple, "vote": _vote}
