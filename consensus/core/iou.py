"""Intersection over union of boxes, time ranges and masks; F1 between answers; per item, per worker and per pair of workers.

Boxes are rows [x, y, width, height] unless a name says corners, [left, top, right, bottom].
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from consensus.core.marks import Marks, group
from consensus.core.matching import match_pairs


def to_corners(boxes: np.ndarray) -> np.ndarray:
    """(n, 4) [x, y, w, h] -> [left, top, right, bottom]."""
    boxes = np.asarray(boxes, dtype=float).reshape(-1, 4)
    return np.hstack([boxes[:, :2], boxes[:, :2] + boxes[:, 2:]])


def from_corners(corners: np.ndarray) -> np.ndarray:
    """(n, 4) [left, top, right, bottom] -> [x, y, w, h]."""
    return np.hstack([corners[:, :2], corners[:, 2:] - corners[:, :2]])


def corner_iou(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """IoU of broadcast corner boxes (..., 4); 0 where both are empty."""
    low, high = np.maximum(a[..., :2], b[..., :2]), np.minimum(a[..., 2:], b[..., 2:])
    shared = np.clip(high - low, 0, None).prod(axis=-1)
    union = (a[..., 2:] - a[..., :2]).prod(axis=-1) + (b[..., 2:] - b[..., :2]).prod(axis=-1) - shared
    return shared / np.where(union > 0, union, 1.0)


def box_iou(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """(n, 4), (m, 4) boxes [x, y, w, h] -> (n, m) IoU."""
    return corner_iou(to_corners(a)[:, None], to_corners(b)[None])


def range_iou(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """(n, 2), (m, 2) ranges [start, end) -> (n, m) IoU of time or text ranges."""
    a, b = np.asarray(a, dtype=float).reshape(-1, 1, 2), np.asarray(b, dtype=float).reshape(1, -1, 2)
    shared = np.clip(np.minimum(a[..., 1], b[..., 1]) - np.maximum(a[..., 0], b[..., 0]), 0, None)
    union = (a[..., 1] - a[..., 0]) + (b[..., 1] - b[..., 0]) - shared
    return shared / np.where(union > 0, union, 1.0)


def mask_iou(a: np.ndarray, b: np.ndarray) -> float:
    """IoU of two boolean masks of one shape; two empty masks agree fully."""
    union = np.count_nonzero(a | b)
    return np.count_nonzero(a & b) / union if union else 1.0


def set_f1(similarity: np.ndarray, least: float = 0.5) -> float:
    """F1 between two answers from the (n, m) similarity of their marks, matched one to one; two empty answers agree fully."""
    n, m = similarity.shape
    if not n + m:
        return 1.0
    good = similarity >= least
    unique = not len(good) or (good.sum(axis=0).max(initial=0) <= 1 and good.sum(axis=1).max(initial=0) <= 1)
    matched = int(good.sum()) if unique else len(match_pairs(similarity, least)[0])
    return 2 * matched / (n + m)


def pairwise_f1(
    marks: Marks, similarity: Callable[[np.ndarray], np.ndarray], least: float = 0.5
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """F1 of every pair of answers to one item. similarity: mark indices (n,) -> (n, n).

    Returns item, worker_a, worker_b and f1, each (pairs,); marks with different labels never match.
    """
    item, left, right, f1 = [], [], [], []
    answers_of = group(marks.item, marks.n_items)
    marks_of = group(marks.answer, marks.n_answers)
    for number, answers in enumerate(answers_of):
        mine = np.concatenate([marks_of[a] for a in answers]) if len(answers) > 1 else np.zeros(0, dtype=np.int64)
        ends = np.cumsum([len(marks_of[a]) for a in answers])
        like = similarity(mine) * (marks.label[mine][:, None] == marks.label[mine][None, :])
        for b in range(1, len(answers)):
            for a in range(b):
                block = like[
                    ends[a] - len(marks_of[answers[a]]) : ends[a], ends[b] - len(marks_of[answers[b]]) : ends[b]
                ]
                f1.append(set_f1(block, least))
                item.append(number)
                left.append(marks.worker[answers[a]])
                right.append(marks.worker[answers[b]])
    as_codes = [np.array(codes, dtype=np.int64) for codes in (item, left, right)]
    return *as_codes, np.array(f1, dtype=float)


def mean_by(code: np.ndarray, value: np.ndarray, n: int) -> np.ndarray:
    """(n,) mean of the values of each code; nan where there is none."""
    count = np.bincount(code, minlength=n)
    return np.where(count > 0, np.bincount(code, value, minlength=n) / np.maximum(count, 1), np.nan)


def item_agreement(marks: Marks, similarity: Callable[[np.ndarray], np.ndarray], least: float = 0.5) -> np.ndarray:
    """(N,) mean F1 over the pairs of answers of each item; nan with fewer than two answers."""
    item, _, _, f1 = pairwise_f1(marks, similarity, least)
    return mean_by(item, f1, marks.n_items)
