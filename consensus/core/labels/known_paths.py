"""Known items as they would have been decided, vote by vote, had they been ordinary ones (answers/bar.py).

A known item has many votes, so it is several paths of at most LONGEST votes. Its workers are known from all other items (held_out.py),
and what is believed at each vote is the mean over all softenings that are possible by what the other items say (softening.py): what the
published tables say of ordinary items, whose truth has taught nothing.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ..answers.bar import Known
from .held_out import HeldOut

LONGEST = 20
MOST_PATHS = 400


def known_paths(
    seen: HeldOut,
    known: np.ndarray,
    truths: np.ndarray,
    worker_keys: np.ndarray,
    believed: Callable[[np.ndarray, np.ndarray, np.ndarray], np.ndarray],
) -> Known:
    """known (I,) bool; truths (I,): codes, read where known; worker_keys (N,): of each vote a number that tells its worker; believed:
    (scores (N, K), votes (N,), items (N,)) -> (N, K) probabilities."""
    starts = np.concatenate([[0], np.cumsum(seen.n_votes)])
    rows = np.flatnonzero(known[seen.item_codes])
    rows = rows[np.lexsort((_shuffled(worker_keys, seen.item_codes)[rows], seen.item_codes[rows]))]
    item = seen.item_codes[rows]
    place = _rank_of(item)
    path, column = (
        np.unique(item * (len(starts) + place.max()) + place // LONGEST, return_inverse=True)[1],
        place % LONGEST,
    )
    before = seen.scores - _sums_of(seen)
    scores = _running(seen.logs[rows], path) + before[item]
    said = believed(scores, column + 1, item)
    shape = (int(path[-1]) + 1, int(column.max()) + 1)
    errors, wrong = np.full(shape, np.nan), np.zeros(shape, dtype=bool)
    errors[path, column], wrong[path, column] = 1 - said.max(axis=1), scores.argmax(axis=1) != truths[item]
    first = np.unique(path, return_index=True)[1]
    keep = slice(None, None, max(1, -(-shape[0] // MOST_PATHS)))
    return Known(errors[keep], wrong[keep], item[first][keep])


def _shuffled(worker_keys: np.ndarray, item: np.ndarray) -> np.ndarray:
    """An order of an item's votes that has nothing to do with who is listed first, and is always the same: by the fractional parts of
    multiples of the golden ratio, each item from another place."""
    return np.modf((worker_keys * np.sqrt(2) + item + 1) * 0.6180339887498949)[0]


def _rank_of(sorted_codes: np.ndarray) -> np.ndarray:
    first = np.concatenate([[True], sorted_codes[1:] != sorted_codes[:-1]])
    return np.arange(len(first)) - np.flatnonzero(first)[np.cumsum(first) - 1]


def _running(logs: np.ndarray, path: np.ndarray) -> np.ndarray:
    """Sums from the path's first vote to each."""
    sums = np.cumsum(logs, axis=0)
    first = np.flatnonzero(np.concatenate([[True], path[1:] != path[:-1]]))
    return sums - (sums - logs)[first][np.cumsum(np.isin(np.arange(len(path)), first)) - 1]


def _sums_of(seen: HeldOut) -> np.ndarray:
    total = np.zeros_like(seen.scores)
    np.add.at(total, seen.item_codes, seen.logs)
    return total
