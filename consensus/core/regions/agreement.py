"""How far do people agree on marks: F1 of their matched marks, per item, per worker and per pair of workers.

Two answers match one to one at a least similarity (IoU, OKS, ...) and with one label; F1 = 2 matched / (marks of both); two answers
without marks agree fully. Linear in the pairs of marks that touch: the assignment problem is solved only where a mark could match two.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..answers.codes import group, mean_by, pairs_within
from .marks import Marks, Pairs
from .matching import match_pairs


@dataclass(frozen=True)
class PairAgreement:
    """One row per pair of answers to one item: item, worker_a, worker_b (P,) codes and f1 (P,)."""

    item: np.ndarray
    worker_a: np.ndarray
    worker_b: np.ndarray
    f1: np.ndarray
    n_items: int
    n_workers: int

    def by_item(self) -> np.ndarray:
        """(N,) mean over the pairs of an item; nan with fewer than two answers."""
        return mean_by(self.item, self.f1, self.n_items)

    def by_worker(self) -> np.ndarray:
        """(W,) mean over the pairs that a worker is part of; nan for who was always alone."""
        workers = np.concatenate([self.worker_a, self.worker_b])
        return mean_by(workers, np.tile(self.f1, 2), self.n_workers)

    def by_pair(self) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """worker_a < worker_b, number of common items and mean F1 of every pair of workers that met."""
        low, high = np.minimum(self.worker_a, self.worker_b), np.maximum(self.worker_a, self.worker_b)
        key, inverse = np.unique(low * max(self.n_workers, 1) + high, return_inverse=True)
        count = np.bincount(inverse, minlength=len(key))
        mean = mean_by(inverse, self.f1, len(key))
        return key // max(self.n_workers, 1), key % max(self.n_workers, 1), count, mean


def pair_agreement(marks: Marks, pairs: Pairs, least: float = 0.5) -> PairAgreement:
    """Agreement of every two answers to one item. marks in canonical order, pairs from `similar_pairs`."""
    first, second = pairs_within(marks.item)
    matched = _matched(marks, pairs, first, second, least)
    n_marks = np.bincount(marks.answer, minlength=marks.n_answers)
    total = n_marks[first] + n_marks[second]
    f1 = np.where(total > 0, 2 * matched / np.maximum(total, 1), 1.0)
    return PairAgreement(
        marks.item[first], marks.worker[first], marks.worker[second], f1, marks.n_items, marks.n_workers
    )


def _matched(marks: Marks, pairs: Pairs, first: np.ndarray, second: np.ndarray, least: float) -> np.ndarray:
    """(P,) marks matched one to one between answers first and second."""
    good = (pairs.similarity >= least) & (marks.label[pairs.left] == marks.label[pairs.right])
    left, right, like = pairs.left[good], pairs.right[good], pairs.similarity[good]
    turned = marks.answer[left] > marks.answer[right]
    left, right = np.where(turned, right, left), np.where(turned, left, right)
    key = first * (marks.n_answers + 1) + second
    place = np.searchsorted(key, marks.answer[left] * (marks.n_answers + 1) + marks.answer[right])
    matched = np.bincount(place, minlength=len(first))
    unclear = np.unique(np.concatenate([place[_repeats(place, side, len(marks.answer))] for side in (left, right)]))
    edges_of = group(place, len(first)) if len(unclear) else []
    for p in unclear:
        edges = edges_of[p]
        rows, row = np.unique(left[edges], return_inverse=True)
        columns, column = np.unique(right[edges], return_inverse=True)
        table = np.zeros((len(rows), len(columns)))
        table[row, column] = like[edges]
        matched[p] = len(match_pairs(table, least)[0])
    return matched


def _repeats(place: np.ndarray, mark: np.ndarray, n_marks: int) -> np.ndarray:
    """Edges whose mark occurs in another edge of the same pair of answers."""
    _, inverse, count = np.unique(place * (n_marks + 1) + mark, return_inverse=True, return_counts=True)
    return count[inverse] > 1
