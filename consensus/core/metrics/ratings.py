"""How alike numbers on a bounded scale are: 1 - |a - b| / (high - low), averaged over pairs of answers to one item.

By sorting and prefix sums: O(n log n) in the answers, also for items with very many.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np


class RatingAgreement(NamedTuple):
    """item (I,), worker (W,): mean closeness, 1 alike and 0 opposite ends; nan where no two answers met."""

    item: np.ndarray
    worker: np.ndarray


def rating_agreement(
    item: np.ndarray, worker: np.ndarray, value: np.ndarray, low: float, high: float, n_items: int, n_workers: int
) -> RatingAgreement:
    """Of answers (N,): item and worker codes and values between low and high. A worker's repeats on one item count as
    answers of their own. Raises ValueError when the lengths differ, a code is out of range, low is not below high or a value
    lies outside."""
    item, worker = np.asarray(item, dtype=np.int64), np.asarray(worker, dtype=np.int64)
    value = np.asarray(value, dtype=float)
    if not item.shape == worker.shape == value.shape or value.ndim != 1:
        raise ValueError("item, worker and value must be equally long.")
    for name, codes, n in (("item", item, n_items), ("worker", worker, n_workers)):
        if codes.size and not 0 <= codes.min() <= codes.max() < n:
            raise ValueError(f"{name} must lie between 0 and {n - 1}; found {codes.min()} to {codes.max()}.")
    if not low < high or not ((low <= value) & (value <= high)).all():
        raise ValueError(f"value: all values must lie on the scale from {low} to {high}, low below high.")
    distance, others = _distances(item, value)
    met = others > 0
    by_item = _mean(item[met], distance[met], others[met], n_items)
    by_worker = _mean(worker[met], distance[met], others[met], n_workers)
    return RatingAgreement(1 - by_item / (high - low), 1 - by_worker / (high - low))


def _distances(item: np.ndarray, value: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Of every answer: the sum of its distances to the others of its item, and how many others there are."""
    order = np.lexsort((value, item))
    sizes = np.bincount(item)
    starts = (np.cumsum(sizes) - sizes)[item[order]]
    total = np.bincount(item, value)[item[order]]
    rank = np.arange(len(item)) - starts
    running = np.concatenate([[0.0], np.cumsum(value[order])])
    below = running[:-1] - running[starts]
    sorted_value, n = value[order], sizes[item[order]]
    distance = np.empty(len(item))
    distance[order] = sorted_value * rank - below + (total - below) - sorted_value * (n - rank)
    return np.maximum(distance, 0.0), sizes[item] - 1


def _mean(key: np.ndarray, distance: np.ndarray, others: np.ndarray, n: int) -> np.ndarray:
    pairs = np.bincount(key, others, minlength=n)
    return np.where(pairs > 0, np.bincount(key, distance, minlength=n) / np.maximum(pairs, 1), np.nan)
