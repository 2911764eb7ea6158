"""Which set to decide on, by what a wrong one costs."""

from __future__ import annotations

import numpy as np


def choose_sets(posteriors: np.ndarray, loss: str = "hamming") -> np.ndarray:
    """(I, L) bool: the sets of the least expected loss.

    "hamming": wrong labels; every label above 1/2 (a tie at 1/2 is left out). "f1": one minus the F1 of the set, labels
    independent given the answers (two empty sets agree fully): the k most probable labels for the best k, ties to the
    smaller set and to the lower label code; exact over the 32 most probable labels of an item, others are left out.
    Anything else is a ValueError.
    K. Dembczynski, W. Waegeman, W. Cheng, E. Huellermeier, An Exact Algorithm for F-Measure Maximization, NIPS 2011.
    """
    if loss not in ("hamming", "f1"):
        raise ValueError(f'loss must be "hamming" or "f1", not {loss!r}.')
    return posteriors > 0.5 + 1e-9 if loss == "hamming" else _best_f1(posteriors)


def expected_f1(posteriors: np.ndarray, sizes: int = 32) -> np.ndarray:
    """(I, min(L, sizes) + 1): expected F1 of the set of the k most probable labels, k = 0, 1, ..., among that many labels."""
    ranked = -np.sort(-posteriors, axis=1)[:, :sizes]
    n_items, n = ranked.shape
    inside = np.zeros((n_items, n + 1))  # distribution of the number of true labels among the first k
    inside[:, 0] = 1
    outside = [np.eye(1, n + 1).repeat(n_items, axis=0)]  # ... and among the rest, from the back
    for k in range(n - 1, -1, -1):
        outside.append(_one_more(outside[-1], ranked[:, k]))
    found, count = np.empty((n_items, n + 1)), np.arange(n + 1)
    for k in range(n + 1):
        size = k + count[:, None] + count[None, :]
        gain = np.where(size > 0, 2 * count[:, None] / np.maximum(size, 1), 1.0)
        found[:, k] = np.einsum("ia,ab,ib->i", inside, gain, outside[n - k])
        inside = _one_more(inside, ranked[:, k]) if k < n else inside
    return found


def _one_more(counts: np.ndarray, chance: np.ndarray) -> np.ndarray:
    """The distribution (I, n + 1) of a number of true labels, with one more label that is true with chance (I,)."""
    new = counts * (1 - chance)[:, None]
    new[:, 1:] += counts[:, :-1] * chance[:, None]
    return new


def _best_f1(posteriors: np.ndarray) -> np.ndarray:
    order = np.argsort(-posteriors, axis=1, kind="stable")
    value = expected_f1(posteriors)
    best = (value >= value.max(axis=1, keepdims=True) - 1e-9).argmax(axis=1)
    chosen = np.zeros(posteriors.shape, dtype=bool)
    np.put_along_axis(chosen, order, np.arange(posteriors.shape[1]) < best[:, None], axis=1)
    return chosen
