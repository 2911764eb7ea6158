"""Gaussian posteriors of item values: precision = diagonal plus the Laplacian of a graph that falls into groups.

Groups of up to DENSE items are inverted exactly, many of one size at once. Larger ones are solved by conjugate
gradients, linear in the edges, and the diagonal of their inverse is estimated from seeded random signs (C. Bekas,
E. Kokiopoulou, Y. Saad, An Estimator for the Diagonal of a Matrix, Appl. Numer. Math. 57 (2007),
doi:10.1016/j.apnum.2007.01.003), to a few per cent of each variance.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

DENSE = 128  # so that dense groups need at most a kilobyte an item
PADDED = 64  # groups up to this size are padded to a power of two, so that few sizes remain
MAX_STEPS = 500
TOLERANCE = 1e-8


@dataclass(frozen=True, eq=False)
class Solution:
    """x (I,) with precision @ x = target; variance (I,): the inverse's diagonal; centred (I,): the variance of what is
    left of each value when the mean of its group is taken off."""

    x: np.ndarray
    variance: np.ndarray
    centred: np.ndarray


class Graph:
    """I items in groups (I,), and E edges between items low[e] and high[e] of one group."""

    def __init__(self, low: np.ndarray, high: np.ndarray, group: np.ndarray) -> None:
        self.low, self.high, self.n_items = low, high, len(group)
        _, own, sizes = np.unique(group, return_inverse=True, return_counts=True)
        is_large = sizes[own] > DENSE
        self.classes = self._dense_classes(own, sizes)
        self.large = [np.flatnonzero(own == code) for code in np.flatnonzero(sizes > DENSE)]
        self.edges = np.flatnonzero(~is_large[low])
        self.loops = np.flatnonzero(~is_large)
        self.pattern = self._pattern()

    def _dense_classes(self, own: np.ndarray, sizes: np.ndarray) -> list[tuple[np.ndarray, slice]]:
        """Where every dense group lies in one long buffer of square matrices: (item codes (B, size) or -1, its part)."""
        order, starts = np.argsort(own, kind="stable"), np.cumsum(sizes) - sizes
        padded = np.where(sizes <= PADDED, 2 ** np.ceil(np.log2(np.maximum(sizes, 1))).astype(int), sizes)
        self.row_start, self.column, end = np.zeros(self.n_items, dtype=np.int64), np.zeros(self.n_items, np.int64), 0
        classes = []
        for size in np.unique(padded[sizes <= DENSE]):
            groups = np.flatnonzero(padded == size)
            place = np.arange(size) < sizes[groups][:, None]
            items = np.full(place.shape, -1)
            items[place] = order[(starts[groups][:, None] + np.arange(size))[place]]
            self.column[items[place]] = np.nonzero(place)[1]
            self.row_start[items[place]] = end + np.flatnonzero(place) * size
            classes.append((items, slice(end, end + len(groups) * size * size)))
            end += len(groups) * size * size
        self.length = end
        return classes

    def _pattern(self) -> sparse.csr_array:
        """The matrix's structure; its entries say which of (-weights, -weights, diagonal) belongs there."""
        own = np.arange(self.n_items)
        row, column = np.concatenate([self.low, self.high, own]), np.concatenate([self.high, self.low, own])
        pattern = sparse.csr_array((np.arange(len(row)), (row, column)), shape=(self.n_items, self.n_items))
        pattern.sort_indices()
        return pattern

    def matrix(self, weights: np.ndarray, prior: float) -> sparse.csr_array:
        """(I, I): prior on the diagonal plus the Laplacian of edge weights (E,)."""
        values = np.concatenate([-weights, -weights, self._diagonal(weights) + prior])[self.pattern.data]
        return sparse.csr_array((values, self.pattern.indices, self.pattern.indptr), shape=self.pattern.shape)

    def solve(self, weights: np.ndarray, prior: float, target: np.ndarray, n_probes: int = 4) -> Solution:
        """weights (E,): of the edges; target (I,). Exact for dense groups; n_probes random sign vectors estimate the variances
        in large ones."""
        solution = Solution(*(np.zeros(self.n_items) for _ in range(3)))
        self._solve_dense(weights, prior, target, solution)
        if self.large:
            matrix = self.matrix(weights, prior)
            for items in self.large:
                part = matrix if len(items) == self.n_items else matrix[items][:, items]
                _solve_large(part, items, target, n_probes, solution)
        return solution

    def _solve_dense(self, weights: np.ndarray, prior: float, target: np.ndarray, out: Solution) -> None:
        buffer = np.zeros(self.length)
        low, high, weight = self.low[self.edges], self.high[self.edges], weights[self.edges]
        buffer[self.row_start[low] + self.column[high]] = -weight
        buffer[self.row_start[high] + self.column[low]] = -weight
        diagonal = self._diagonal(weights) + prior
        buffer[self.row_start[self.loops] + self.column[self.loops]] = diagonal[self.loops]
        for items, part in self.classes:
            real, size = items >= 0, items.shape[1]
            blocks = buffer[part].reshape(-1, size, size)
            blocks[:, np.arange(size), np.arange(size)] += ~real
            inverse = np.linalg.inv(blocks)
            wanted = np.where(real, target[items], 0.0)
            variance = np.diagonal(inverse, axis1=1, axis2=2)
            inside = (inverse * (real[:, :, None] & real[:, None, :])).sum(axis=2)
            count = real.sum(axis=1, keepdims=True)
            centred = variance - 2 * inside / count + inside.sum(axis=1, keepdims=True) / count**2
            out.x[items[real]] = (inverse @ wanted[:, :, None])[:, :, 0][real]
            out.variance[items[real]] = variance[real]
            out.centred[items[real]] = np.maximum(centred[real], 0.0)

    def _diagonal(self, weights: np.ndarray) -> np.ndarray:
        at_low = np.bincount(self.low, weights, minlength=self.n_items)
        return at_low + np.bincount(self.high, weights, minlength=self.n_items)


def _solve_large(part: sparse.csr_array, items: np.ndarray, target: np.ndarray, n_probes: int, out: Solution) -> None:
    signs = np.random.default_rng(0).choice([-1.0, 1.0], size=(len(items), n_probes))
    both = conjugate_gradients(part, np.column_stack([target[items], signs]))
    out.x[items] = both[:, 0]
    out.variance[items] = np.maximum((signs * both[:, 1:]).mean(axis=1), 1 / part.diagonal())
    out.centred[items] = out.variance[items]


def conjugate_gradients(matrix: sparse.csr_array, targets: np.ndarray) -> np.ndarray:
    """X with matrix @ X = targets (n, k) for a symmetric positive definite matrix; all columns at once."""
    scale = 1 / matrix.diagonal()[:, None]
    x, residual = np.zeros_like(targets), targets.copy()
    direction = scale * residual
    rho = (residual * direction).sum(axis=0)
    least = rho * TOLERANCE**2
    for _ in range(MAX_STEPS):
        if (rho <= least).all():
            break
        spread = matrix @ direction
        step = rho / np.maximum((direction * spread).sum(axis=0), 1e-300)
        x += step * direction
        residual -= step * spread
        scaled = scale * residual
        rho, before = (residual * scaled).sum(axis=0), rho
        direction = scaled + rho / np.maximum(before, 1e-300) * direction
    return x
