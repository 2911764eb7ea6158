"""Agreement of labels beyond chance: Cohen's kappa of two workers, of all pairs of workers, Fleiss' kappa; shares of equal answers.

Cohen 1960, doi:10.1177/001316446002000104, weighted 1968, doi:10.1037/h0026256; Fleiss 1971, doi:10.1037/h0031619. Where chance alone
already agrees fully (everybody always says one label) kappa is 1, for nobody disagreed; without common items it is nan.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy import sparse

from ..answers.ids import encode

WEIGHTS = ("none", "linear", "quadratic")
MEETINGS_AT_ONCE = 2_000_000


def cohen_kappa(a: np.ndarray, b: np.ndarray, n_labels: int, weights: str = "none") -> float:
    """Kappa of two workers' label codes (n,) on the same items; linear or quadratic weights for grades.

    1 is perfect, 0 chance, below 0 worse than chance. Raises ValueError for lengths that differ, codes that are no labels, and
    unknown weights.
    """
    if weights not in WEIGHTS:
        raise ValueError(f"weights must be one of {', '.join(WEIGHTS)}, not {weights!r}.")
    a, b = _codes(n_labels, a=a, b=b)
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
    """Kappa of label codes (A,) on items (A,); items may have different numbers of answers, those with one are left out.

    Raises ValueError for lengths that differ and codes that are no labels.
    """
    item, label = _codes(n_labels, item=item, label=label)
    item = encode(item, None, "item")[0]
    several = np.bincount(item)[item] > 1 if len(item) else np.zeros(0, dtype=bool)
    if not several.any():
        return float("nan")
    agreement = item_agreement(item[several], label[several], int(item.max()) + 1, n_labels)
    observed = float(np.nanmean(agreement))
    share = np.bincount(label[several], minlength=n_labels) / several.sum()
    chance = float((share**2).sum())
    return (observed - chance) / (1 - chance) if observed < 1 else 1.0


def item_agreement(item: np.ndarray, label: np.ndarray, n_items: int, n_labels: int) -> np.ndarray:
    """(N,) share of equal pairs among the answers of each item; nan with fewer than two. item, label: (A,) codes; ValueError for
    lengths that differ and codes out of range."""
    item, label = _codes(n_labels, item=item, label=label)
    _check_below(n_items, item=item)
    m = np.bincount(item, minlength=n_items)
    cell, count = np.unique(item * np.int64(n_labels) + label, return_counts=True)
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
    """Cohen's kappa of every two workers that met, from all answers (A,) at once.

    Sparse products, some workers at a time: also where items have hundreds of answers, and so hundreds of meetings an
    answer, memory is bounded by MEETINGS_AT_ONCE and the pairs found. ValueError for lengths that differ and codes out of range.
    """
    item, worker, label = _codes(n_labels, item=item, worker=worker, label=label)
    if not len(item):
        return WorkerPairs(*np.zeros((3, 0), dtype=np.int64), *np.zeros((2, 0)))
    item, n_workers = encode(item, None, "item")[0].astype(np.int64), int(worker.max()) + 1
    one = np.ones(len(item))
    by_worker = sparse.csr_array((one, (worker, item)))
    by_label = sparse.csr_array((one, (worker * n_labels + label, item)), shape=(n_workers * n_labels, item.max() + 1))
    by_cell = sparse.csr_array((one, (worker, item * n_labels + label)))
    meetings = np.cumsum(np.bincount(worker, np.bincount(item)[item], minlength=n_workers)) // MEETINGS_AT_ONCE
    cuts = [0, *(np.flatnonzero(np.diff(meetings)) + 1).tolist(), n_workers]
    found = [_pairs(by_worker, by_label, by_cell, n_labels, low, high) for low, high in pairwise(cuts)]
    key, n, agreement, chance = (np.concatenate(column) for column in zip(*found, strict=True))
    kappa = np.where(agreement < 1, (agreement - chance) / np.where(chance < 1, 1 - chance, 1.0), 1.0)
    return WorkerPairs(key // n_workers, key % n_workers, n, agreement, kappa)


def _pairs(
    by_worker: sparse.csr_array,
    by_label: sparse.csr_array,
    by_cell: sparse.csr_array,
    n_labels: int,
    low: int,
    high: int,
) -> tuple[np.ndarray, ...]:
    """Pairs a < b, a from low to high: key a * W + b, common answers n, share of equal ones and the share expected by
    chance. by_worker (W, items), by_label (W*K, items) and by_cell (W, items * K) count the answers."""
    hers = (by_label[low * n_labels :] @ by_worker[low:high].T).T.tocsr()  # (a, (b, k)): how often b said k, a there
    rows = (by_label[low * n_labels : high * n_labels] @ by_worker[low:].T).tocoo()  # ((a, k), b): how often a said k
    places = (rows.row // n_labels, rows.col * np.int64(n_labels) + rows.row % n_labels)
    his = sparse.csr_array((rows.data, places), shape=hers.shape)
    same = by_cell[low:high] @ by_cell[low:].T
    pair, n = _sums_of_pairs(hers, n_labels)
    both, product = _sums_of_pairs(hers.multiply(his), n_labels)
    alike, equal = _sums_of_pairs(same, 1)
    chance, agreement = np.zeros(len(pair)), np.zeros(len(pair))
    chance[np.searchsorted(pair, both)] = product
    agreement[np.searchsorted(pair, alike)] = equal
    n_above = by_worker.shape[0] - low
    key = (pair // n_above + low) * by_worker.shape[0] + pair % n_above + low
    return key, n.astype(np.int64), agreement / n, chance / n**2


def _sums_of_pairs(table: sparse.csr_array, n_labels: int) -> tuple[np.ndarray, np.ndarray]:
    """(keys row * columns + column, sums) over the labels of a table (a, (b, k)), for a < b only, keys sorted."""
    table.sort_indices()
    found = table.tocoo()
    width = table.shape[1] // n_labels
    row, column = found.row.astype(np.int64), found.col // n_labels
    above = row < column
    key, value = (row * width + column)[above], found.data[above]
    starts = np.flatnonzero(np.diff(key, prepend=-1))
    return key[starts], np.add.reduceat(value, starts) if len(starts) else value


def worker_agreement(item: np.ndarray, worker: np.ndarray, label: np.ndarray, n_workers: int) -> np.ndarray:
    """(W,) share of a worker's meetings with others in which both said the same; nan for who met nobody.

    Linear in the answers: of the answers to her item, and of those with her label, her own are taken away. ValueError for lengths
    that differ and codes out of range.
    """
    item, worker, label = _codes(None, item=item, worker=worker, label=label)
    _check_below(n_workers, worker=worker)
    item = encode(item, None, "item")[0]
    cell = encode(item * (label.max(initial=0) + 1) + label, None, "label")[0]
    met = _times(item) - _times(item * np.int64(n_workers) + worker)
    same = _times(cell) - _times(cell * np.int64(n_workers) + worker)
    total = np.bincount(worker, met, minlength=n_workers)
    return np.where(total > 0, np.bincount(worker, same, minlength=n_workers) / np.maximum(total, 1), np.nan)


def _codes(n_labels: int | None, **columns: np.ndarray) -> list[np.ndarray]:
    """The columns as int64, all equally long; the last one holds codes of labels. Items may have any codes, the others none below 0."""
    found = [np.asarray(column).reshape(-1) for column in columns.values()]
    if len({len(column) for column in found}) != 1:
        raise ValueError(f"{', '.join(columns)} must be equally long.")
    for name, column in zip(columns, found, strict=True):
        if column.size and (column.dtype.kind not in "iub" or (name != "item" and column.min() < 0)):
            raise ValueError(
                f"{name} must be whole numbers of 0 or more: the codes that `Votes` makes of ids of any type."
            )
    columns = dict(zip(columns, [column.astype(np.int64, copy=False) for column in found], strict=True))
    if n_labels is not None:
        _check_below(n_labels, **{name: column for name, column in columns.items() if name in ("a", "b", "label")})
    return list(columns.values())


def _check_below(limit: int, **columns: np.ndarray) -> None:
    for name, column in columns.items():
        if column.size and not 0 <= column.min() <= column.max() < limit:
            raise ValueError(f"{name} must lie between 0 and {limit - 1}; found {column.min()} to {column.max()}.")


def _times(key: np.ndarray) -> np.ndarray:
    """How often the key of each row occurs."""
    code = encode(key, None, "key")[0]
    return np.bincount(code)[code]
