"""Shrinking a worker's confusion matrix towards her overall skill and towards the crowd's confusions.

Three levels. The crowd: pooled[k, a], from all workers, itself shrunk towards "right with the crowd's accuracy, errors
spread evenly". The worker's coin: one accuracy, a Beta mean around the crowd's; it scales the odds of a right answer in
every row of the pooled matrix. The worker's matrix: a Dirichlet mean around that. Whoever has no votes is the crowd.
The idea of pooled and one-coin priors: H.-C. Kim and Z. Ghahramani, Bayesian Classifier Combination, AISTATS 2012;
B. Carpenter, Multilevel Bayesian Models of Categorical Data Annotation (2008).
"""

from __future__ import annotations

import numpy as np

FLOOR = 1e-4  # no answer is impossible: a slip of the finger has at least this probability


def pooled_confusion(counts: np.ndarray, strength: float) -> np.ndarray:
    """(K, K) crowd matrix from (W, K, K) counts [worker, truth, answer]; strength in pseudo-votes per row."""
    pooled = counts.sum(axis=0)
    n_labels = len(pooled)
    right = (np.trace(pooled) + 2.0 * strength) / (pooled.sum() + 3.0 * strength)
    prior = coin_matrix(np.array([right]), n_labels)[0]
    return (pooled + strength * prior) / (pooled.sum(axis=1, keepdims=True) + strength)


def coin_matrix(right: np.ndarray, n_labels: int) -> np.ndarray:
    """(W, K, K): right with probability right[w], else any other label alike."""
    wrong = (1 - right) / max(n_labels - 1, 1)
    matrix = np.repeat(wrong, n_labels * n_labels).reshape(len(right), n_labels, n_labels)
    matrix[:, np.arange(n_labels), np.arange(n_labels)] = (right if n_labels > 1 else np.ones_like(right))[:, None]
    return matrix


def worker_accuracy(counts: np.ndarray, pooled: np.ndarray, strength: float) -> tuple[np.ndarray, np.ndarray]:
    """(accuracy, expected): each worker's shrunk share of right answers, and what the crowd's matrix would give on the
    same truths; both (W,)."""
    truths = counts.sum(axis=2)
    seen = truths.sum(axis=1)
    right = np.einsum("wkk->w", counts)
    mean = float(np.diag(pooled) @ (truths.sum(axis=0) + 1e-9)) / (seen.sum() + 1e-9 * len(pooled))
    expected = np.where(seen > 0, truths @ np.diag(pooled) / np.maximum(seen, 1e-300), mean)
    return (right + strength * expected) / (seen + strength), expected


def worker_base(accuracy: np.ndarray, expected: np.ndarray, pooled: np.ndarray) -> np.ndarray:
    """(W, K, K): the crowd's matrix with the odds of a right answer scaled to the worker's accuracy."""
    n_labels = len(pooled)
    ratio = odds(accuracy) / odds(expected)
    diagonal = odds(np.diag(pooled))[None, :] * ratio[:, None]
    diagonal = diagonal / (1 + diagonal)
    errors = pooled * (1 - np.eye(n_labels))
    totals = errors.sum(axis=1, keepdims=True)
    errors = np.where(totals > 0, errors / np.where(totals > 0, totals, 1), 0)
    base = errors[None] * (1 - diagonal)[:, :, None]
    base[:, np.arange(n_labels), np.arange(n_labels)] = diagonal if n_labels > 1 else 1.0
    return base


def shrink(counts: np.ndarray, base: np.ndarray, strength: float) -> np.ndarray:
    """(W, K, K) Dirichlet mean: counts plus strength pseudo-votes a row shared as in base; at least FLOOR a cell."""
    matrix = counts + strength * base
    matrix /= matrix.sum(axis=2, keepdims=True)
    floor = min(FLOOR, 0.1 / matrix.shape[2])
    return matrix * (1 - floor * matrix.shape[2]) + floor


def odds(p: np.ndarray) -> np.ndarray:
    p = np.clip(p, 1e-6, 1 - 1e-6)
    return p / (1 - p)
