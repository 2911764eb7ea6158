"""Consensus of tracks: boxes over key frames, linked over the whole of their time, then placed frame by frame.

A mark is one object's key frames (t, x, y, width, height), t in milliseconds; between two key frames the box moves in a straight line, and
before the first and after the last it is absent. Two tracks are alike by their mean IoU over the time in which either is there. At every
key time of a linked object's marks the object is there when most of its marks are, and its box is placed as in `place`, edges [left,
top, right, bottom]; key frames that the straight line between their neighbours gives anyway are left out. Existence and labels: `objects`.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ..answers.codes import group
from .agreement import pair_agreement
from .boxes import chance_placed, edge_scale
from .iou import corner_iou, from_corners, to_corners
from .marks import Marks, Pairs, as_figures, canonical, similar_pairs
from .objects import Objects
from .place import HeldWorkers, Places, place
from .regions import Linked, MergedItem, best_threshold, collect, link, understand
from .worker_model import DEFAULT_PRIOR, ObjectPrior, Skills

MIN_IOU = 0.3  # mean IoU over time of marks of one object
SAMPLES = 32  # times at which two tracks are compared
MAX_KEYS = 400  # key times of one merged object
STRAIGHT = 0.01  # of the box: a key frame nearer than this to the line between its neighbours says nothing


def merge_tracks(
    answers: Marks,
    skills: Skills | None = None,
    *,
    target_iou: float = 0.5,
    threshold: float | None = None,
    prior: ObjectPrior = DEFAULT_PRIOR,
) -> list[MergedItem]:
    """Consensus of every item in one call.

    answers: `Marks` whose shapes are key frames, (F, 5) rows (t_ms, x, y, width, height). skills: from `learn_track_skills`, else learned
    here. `MergedObject.shape` is a tuple of such rows, `placed` the mean over time of the chance that the box has target_iou with the
    truth. ValueError for a track without key frames, with a time twice, a negative size or a figure that is not finite.
    """
    answers, tracks, order = _prepared(answers)
    pairs = _pairs(answers, tracks)
    linked = link(answers, pairs, MIN_IOU)
    skills, objects, shapes, placed = _fit(answers, tracks, linked, skills, prior, target_iou)
    limit = skills.threshold if threshold is None else threshold
    return collect(answers, linked, objects, shapes, placed, pair_agreement(answers, pairs).by_item(), limit, order)


def learn_track_skills(answers: Marks, *, target_iou: float = 0.5, prior: ObjectPrior = DEFAULT_PRIOR) -> Skills:
    """Ability, clutter, confusion, spread and bias of every worker, from all answers given."""
    answers, tracks, _ = _prepared(answers)
    return _fit(answers, tracks, link(answers, _pairs(answers, tracks), MIN_IOU), None, prior, target_iou)[0]


def at_times(track: np.ndarray, times: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Corner boxes (n, 4) of a track (F, 5: t and corners) at the times (n,), and whether it is there (n,)."""
    there = (times >= track[0, 0]) & (times <= track[-1, 0])
    return np.stack([np.interp(times, track[:, 0], track[:, d]) for d in range(1, 5)], axis=1), there


def track_iou(a: np.ndarray, b: np.ndarray) -> float:
    """Mean IoU over the time in which either track (F, 5: t and corners) is there, at SAMPLES times."""
    times = np.linspace(min(a[0, 0], b[0, 0]), max(a[-1, 0], b[-1, 0]), SAMPLES)
    (box_a, in_a), (box_b, in_b) = at_times(a, times), at_times(b, times)
    either = in_a | in_b
    return float(np.where(in_a & in_b, corner_iou(box_a, box_b), 0.0)[either].mean())


def _prepared(answers: Marks) -> tuple[Marks, list[np.ndarray], np.ndarray]:
    tracks = [_checked(track) for track in answers.shape]
    keys = (
        np.array([[*t[0], *t[-1], len(t), t.sum()] for t in tracks]).reshape(len(tracks), -1)
        if tracks
        else np.zeros((0, 1))
    )
    answers, order = canonical(answers, keys)
    return answers, [tracks[m] for m in order], order


def _checked(track: list) -> np.ndarray:
    refusal = "tracks: a track needs key frames of five finite figures (t_ms, x, y, width, height), sizes 0 or more."
    rows = as_figures(track, refusal)
    if rows.ndim != 2 or rows.shape[1] != 5 or not len(rows) or not np.isfinite(rows).all() or (rows[:, 3:] < 0).any():
        raise ValueError(refusal)
    rows = rows[np.argsort(rows[:, 0], kind="stable")]
    if (np.diff(rows[:, 0]) <= 0).any():
        raise ValueError("tracks: a track has two key frames at one time.")
    return np.hstack([rows[:, :1], to_corners(rows[:, 1:])])


def _pairs(answers: Marks, tracks: list[np.ndarray]) -> Pairs:
    hull = np.array([[*t[:, 1:3].min(axis=0), *t[:, 3:5].max(axis=0)] for t in tracks]).reshape(-1, 4)
    span = np.array([[t[0, 0], t[-1, 0]] for t in tracks]).reshape(-1, 2)

    def similarity(left: np.ndarray, right: np.ndarray) -> np.ndarray:
        out = np.zeros(len(left))
        meet = (span[left, 0] <= span[right, 1]) & (span[right, 0] <= span[left, 1])
        for p in np.flatnonzero(meet & (corner_iou(hull[left], hull[right]) > 0)):
            out[p] = track_iou(tracks[left[p]], tracks[right[p]])
        return out

    return similar_pairs(answers, similarity)


def _fit(
    answers: Marks,
    tracks: list[np.ndarray],
    linked: Linked,
    skills: Skills | None,
    prior: ObjectPrior,
    target_iou: float,
) -> tuple[Skills, Objects, list[tuple], np.ndarray]:
    learned, objects = understand(answers, linked, skills, prior)
    corners, frame, worker, times, owner = _frames(tracks, linked, answers.mark_worker)
    held: HeldWorkers = (
        {} if skills is None else {"spread": skills.spread, "bias": skills.bias, "crowd_spread": skills.crowd_spread}
    )
    places = place(corners, frame, worker, edge_scale, len(times), answers.n_workers, **held)
    near = chance_placed(places.centre, places.error, target_iou)
    n = len(linked.item)
    placed = np.bincount(owner, near, minlength=n) / np.maximum(np.bincount(owner, minlength=n), 1)
    shapes = [_key_frames(places, times, mine) for mine in group(owner, n)]
    if skills is not None:
        return skills, objects, shapes, placed
    confidence = objects.exists * objects.label.max(axis=1, initial=0.0) * placed
    learned = replace(
        learned,
        spread=places.spread,
        bias=places.bias,
        crowd_spread=places.crowd_spread,
        threshold=best_threshold(confidence, float(objects.exists.sum() + objects.missed.sum())),
    )
    return learned, objects, shapes, placed


def _frames(
    tracks: list[np.ndarray], linked: Linked, mark_worker: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Boxes of the marks at the key times at which most of an object's marks are there: corners (B, 4), frame (B,) and worker (B,) of
    each box; times (F,) and owner (F,) candidate of each frame."""
    corners = [np.zeros((0, 4))]
    frame: list[int] = []
    worker: list[int] = []
    times: list[float] = []
    owner: list[int] = []
    for c, mine in enumerate(group(linked.candidate, len(linked.item))):
        keys = _thinned(np.unique(np.concatenate([tracks[m][:, 0] for m in mine])))
        boxes, there = zip(*(at_times(tracks[m], keys) for m in mine), strict=True)
        there = np.array(there)
        kept = np.flatnonzero(2 * there.sum(axis=0) > len(mine))
        kept = kept if len(kept) else np.flatnonzero(there.sum(axis=0) == there.sum(axis=0).max())
        who, when = np.nonzero(there[:, kept])
        corners.append(np.array(boxes)[who, kept[when]])
        frame.extend((len(times) + when).tolist())
        worker.extend(mark_worker[mine][who].tolist())
        times.extend(keys[kept].tolist())
        owner.extend([c] * len(kept))
    frames, workers, owners = (np.array(codes, dtype=np.int64) for codes in (frame, worker, owner))
    return np.concatenate(corners), frames, workers, np.array(times), owners


def _thinned(keys: np.ndarray) -> np.ndarray:
    return keys if len(keys) <= MAX_KEYS else keys[np.unique(np.linspace(0, len(keys) - 1, MAX_KEYS).astype(int))]


def _key_frames(places: Places, times: np.ndarray, mine: np.ndarray) -> tuple[tuple[float, ...], ...]:
    """The merged key frames of one object, without those on the straight line between their neighbours."""
    boxes, when = places.centre[mine], times[mine]
    kept = [0]
    for k in range(1, len(mine) - 1):
        a, b = kept[-1], k + 1
        line = boxes[a] + (boxes[b] - boxes[a]) * (when[k] - when[a]) / (when[b] - when[a])
        size = max(float((boxes[k, 2:] - boxes[k, :2]).max()), 1.0)
        if np.abs(boxes[k] - line).max() > STRAIGHT * size:
            kept.append(k)
    kept = [*kept, len(mine) - 1] if len(mine) > 1 else kept
    return tuple((float(when[k]), *row) for k, row in zip(kept, from_corners(boxes[kept]).tolist(), strict=True))
