"""Agreement of labels beyond chance: Cohen's kappa of two workers, of all pairs of workers, Fleiss' kappa; shares of equal answers.

Cohen 1960, doi:10.1177/001316446002000104, weighted 1968, doi:10.1037/h0026256; Fleiss 1971, doi:10.1037/h0031619. Where chance alone
already agrees fully (everybody always says one label) kappa is 1, for nobody disagreed; without common items it is nan.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from consensus.core.marks import pairs_within

WEIGHTS = ("none", "linear", "quadratic")


def cohen_kappa(a: np.ndarray, b: np.ndarray, n_labels: int, weights: str = "none") -> float:
    """Kappa of two workers' label codes (n,) on the same items; linear or quadratic weights for grades."""
    a, b = np.asarray(a, dtype=np.int64), np.asarray(b, dtype=np.int64)
    if a.shape != b.shape or weights not in WEIGHTS:
        raise ValueError(f"kappa: two rows of equally many labels, and weights one of {', '.join(WEIGHTS)}.")
    if not len(a):
        return float("nan")
    table = np.bincount(a * n_labels + b, minlength=n_labels**2).reshape(n_labels, n_labels) / len(a)
    far = _distances(n_labels, weights)
    observed = float((far * table).sum())
    chance = float((far * np.outer(table.sum(axis=1), table.sum(axis=0))).sum())
    return 1 - observed / chance if observed > 0 else 1.0


def _distances(n_labels: int, weights: str) -> np.ndarray:
    apart = np.abs(np.subtract.outer(np.arange(n_labels), np.arange(n_labels))).astype(float)
    return {"none": (apart > 0).astype(float), "linear": apart, "quadratic": apart**2}[weights]


def fleiss_kappa(item: np.ndarray, label: np.ndarray, n_labels: int) -> float:
    """Kappa of label codes (A,) on items (A,); items may have different numbers of answers, those with one are left out."""
    item = np.unique(np.asarray(item, dtype=np.int64), return_inverse=True)[1]
    label = np.asarray(label, dtype=np.int64)
    several = np.bincount(item)[item] > 1 if len(item) else np.zeros(0, dtype=bool)
    if not several.any():
        return float("nan")
    agreement = item_agreement(item[several], label[several], int(item.max()) + 1, n_labels)
    observed = float(np.nanmean(agreement))
    share = np.bincount(label[several], minlength=n_labels) / several.sum()
    chance = float((share**2).sum())
    return (observed - chance) / (1 - chance) if observed < 1 else 1.0


def item_agreement(item: np.ndarray, label: np.ndarray, n_items: int, n_labels: int) -> np.ndarray:
    """(N,) share of equal pairs among the answers of each item; nan with fewer than two."""
    m = np.bincount(item, minlength=n_items)
    cell, count = np.unique(np.asarray(item, dtype=np.int64) * n_labels + label, return_counts=True)
    equal = np.bincount(cell // n_labels, count * (count - 1.0), minlength=n_items)
    return np.where(m > 1, equal / np.maximum(m * (m - 1), 1), np.nan)


@dataclass(frozen=True)
class WorkerPairs:
    """Pairs of workers a < b with common items: n common items, agreement (share equal), kappa, each (P,)."""

    worker_a: np.ndarray
    worker_b: np.ndarray
    n: np.ndarray
    agreement: np.ndarray
    kappa: np.ndarray


def worker_pairs(item: np.ndarray, worker: np.ndarray, label: np.ndarray, n_labels: int) -> WorkerPairs:
    """Cohen's kappa of every two workers that met, from all answers (A,) at once."""
    a, b, x, y = _meetings(item, worker, label)
    n_workers = int(max(np.max(worker, initial=0), 0)) + 1
    key, pair = np.unique(a * n_workers + b, return_inverse=True)
    n = np.bincount(pair, minlength=len(key))
    agreement = np.bincount(pair, x == y, minlength=len(key)) / np.maximum(n, 1)
    chance = _chance(pair, x, y, n, n_labels)
    kappa = np.where(agreement < 1, (agreement - chance) / np.where(chance < 1, 1 - chance, 1.0), 1.0)
    return WorkerPairs(key // n_workers, key % n_workers, n, agreement, kappa)


def worker_agreement(item: np.ndarray, worker: np.ndarray, label: np.ndarray, n_workers: int) -> np.ndarray:
    """(W,) share of a worker's meetings with others in which both said the same; nan for who met nobody."""
    a, b, x, y = _meetings(item, worker, label)
    who, same = np.concatenate([a, b]), np.tile(x == y, 2)
    met = np.bincount(who, minlength=n_workers)
    return np.where(met > 0, np.bincount(who, same, minlength=n_workers) / np.maximum(met, 1), np.nan)


def _meetings(item: np.ndarray, worker: np.ndarray, label: np.ndarray) -> tuple[np.ndarray, ...]:
    """Of every two answers to one item by different workers: worker a < b, and their labels."""
    item, worker, label = (np.asarray(column, dtype=np.int64) for column in (item, worker, label))
    order = np.lexsort((label, worker, item))
    left, right = pairs_within(item[order])
    left, right = order[left], order[right]
    other = worker[left] != worker[right]
    left, right = left[other], right[other]
    return worker[left], worker[right], label[left], label[right]


def _chance(pair: np.ndarray, x: np.ndarray, y: np.ndarray, n: np.ndarray, n_labels: int) -> np.ndarray:
    """(P,) sum over labels of the product of both workers' shares, without a table of pairs x labels."""
    cell_x, count_x = np.unique(pair * n_labels + x, return_counts=True)
    cell_y, count_y = np.unique(pair * n_labels + y, return_counts=True)
    both, in_x, in_y = np.intersect1d(cell_x, cell_y, assume_unique=True, return_indices=True)
    product = count_x[in_x].astype(float) * count_y[in_y]
    return np.bincount(both // n_labels, product, minlength=len(n)) / np.maximum(n, 1).astype(float) ** 2
