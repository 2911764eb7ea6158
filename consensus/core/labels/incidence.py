"""The votes as a sparse matrix of ones, (items) x (worker * K + answer), cut to fit the caches.

Two products are all the work of a confusion-matrix model: scores = ones @ tables and counts = ones.T @ posteriors. Scores
are made a block at a time, so that the exponentials and sums that follow find them in the level-2 cache. Counts scatter
over a whole (W*K, T) table, which is worth a pass of its own over many votes: a part is the work of one thread, with
one such table. Parts and blocks depend on the votes alone, so results do not depend on the number of threads.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy import sparse
from scipy.sparse._sparsetools import csr_matvecs  # the kernel of `@`, which would clear and copy a new array a block

BLOCK_CELLS = 2**17  # scores of a block: half a megabyte, a quarter of a usual level-2 cache
MAX_PARTS = 4
MIN_PART_ITEMS = 8192


@dataclass(frozen=True, eq=False)
class Part:
    """A run of items. starts (n + 1,) int32: where the votes of each begin in columns (int32); ones: at least as many."""

    items: slice
    starts: np.ndarray
    columns: np.ndarray
    ones: np.ndarray
    width: int

    def blocks(self, n_columns: int) -> Iterator[tuple[int, int]]:
        """(low, high) of runs of this part's items whose scores, n_columns each, stay in the cache."""
        n_items, size = len(self.starts) - 1, max(BLOCK_CELLS // max(n_columns, 1), 1)
        return ((low, min(low + size, n_items)) for low in range(0, n_items, size))

    def add_scores(self, low: int, high: int, tables: np.ndarray, out: np.ndarray) -> None:
        """Add to out (high - low, T), contiguous float64, the rows of tables (W*K, T) of the votes of each item."""
        first, last = self.starts[low], self.starts[high]
        starts, columns = self.starts[low : high + 1] - first, self.columns[first:last]
        shape = (high - low, self.width, tables.shape[1])
        csr_matvecs(*shape, starts, columns, self.ones, tables.reshape(-1), out.reshape(-1, copy=False))

    def counts(self, posteriors: np.ndarray) -> np.ndarray:
        """(W*K, T): the sum over this part's votes of the rows of posteriors (I, T) of all items."""
        entries = (self.ones[: len(self.columns)], self.columns, self.starts)
        return sparse.csr_array(entries, shape=(len(self.starts) - 1, self.width)).T @ posteriors[self.items]


def cut_parts(columns: np.ndarray, item_starts: np.ndarray, width: int) -> list[Part]:
    """At most MAX_PARTS parts with about equally many votes, each large enough that its (width, T) table costs less
    than its votes. columns (N,) int32 in the order of items; item_starts (I + 1,)."""
    n_items, n_votes = len(item_starts) - 1, int(item_starts[-1])
    n_parts = int(np.clip(n_items // max(MIN_PART_ITEMS, 2 * width), 1, MAX_PARTS))
    ends = np.searchsorted(item_starts, np.linspace(0, n_votes, n_parts + 1)[1:-1])
    cuts = list(pairwise([0, *np.minimum(ends, n_items).tolist(), n_items]))
    ones = np.ones(max(int(item_starts[high] - item_starts[low]) for low, high in cuts))
    parts = []
    for low, high in cuts:
        first, last = item_starts[low], item_starts[high]
        starts = (item_starts[low : high + 1] - first).astype(np.int32)
        parts.append(Part(slice(low, high), starts, columns[first:last], ones, width))
    return parts
