"""Shrinking a worker's confusion matrix towards her overall skill and towards the crowd's confusions.

Four levels. The coin: all workers are right with one probability, errors spread evenly. The crowd: one matrix for all,
shrunk towards the coin; with item types one row per truth type, shrunk towards the row of its label. The worker's base:
her accuracy, a Beta mean around the crowd's, scales the odds of a right answer in every row of the crowd's matrix. The
worker's matrix: a Dirichlet around that base. Whoever has no votes is the crowd.

Pooled and one-coin priors: H.-C. Kim and Z. Ghahramani, Bayesian Classifier Combination, AISTATS 2012; B. Carpenter,
Multilevel Bayesian Models of Categorical Data Annotation, 2008.

Shapes: W workers, K labels, T truth types; `label_of` (T,) is the label of each type (np.arange(K) without types).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

FLOOR = 1e-4  # no answer is impossible: a slip of the finger has at least this probability


@dataclass(frozen=True)
class Strengths:
    """How many pseudo-votes each level weighs: row (a worker's row), coin (her accuracy), crowd (a label's row of the
    crowd), types (a type's row of the crowd)."""

    row: float = 4.0
    coin: float = 4.0
    crowd: float = 10.0
    types: float = 10.0


STRENGTHS = Strengths()


@dataclass(frozen=True, eq=False)
class Base:
    """worker (W, T, K): the mean of every worker's matrix; crowd (T, K); accuracy (W,): shrunk overall skill."""

    worker: np.ndarray
    crowd: np.ndarray
    accuracy: np.ndarray


def shrunk_base(
    counts: np.ndarray, label_of: np.ndarray, strengths: Strengths = STRENGTHS, attentive: np.ndarray | None = None
) -> Base:
    """From expected counts (W, T, K) [worker, truth type, answer]. attentive (W,): how much each worker counts for the crowd."""
    totals = counts.sum(axis=0) if attentive is None else np.einsum("w,wtk->tk", attentive, counts)
    crowd = crowd_matrix(totals, label_of, strengths)
    accuracy, expected = _accuracy(counts, crowd, label_of, strengths.coin)
    return Base(scale_odds(crowd, label_of, odds(accuracy) / odds(expected)), crowd, accuracy)


def shrunk_confusion(counts: np.ndarray, strengths: Strengths = STRENGTHS) -> tuple[np.ndarray, Base]:
    """(confusion (W, K, K), base): Dirichlet means without item types; no cell below FLOOR (or a tenth of 1/K)."""
    base = shrunk_base(counts, np.arange(counts.shape[2]), strengths)
    matrix = counts + strengths.row * base.worker
    matrix /= matrix.sum(axis=2, keepdims=True)
    floor = min(FLOOR, 0.1 / matrix.shape[2])
    return matrix * (1 - floor * matrix.shape[2]) + floor, base


def crowd_matrix(totals: np.ndarray, label_of: np.ndarray, strengths: Strengths) -> np.ndarray:
    """(T, K) from the summed counts of all workers (T, K)."""
    n_labels = totals.shape[1]
    by_label = np.zeros((n_labels, n_labels))
    np.add.at(by_label, label_of, totals)
    right = (np.trace(by_label) + 2 * strengths.crowd) / (by_label.sum() + 3 * strengths.crowd)
    prior = coin_matrix(np.array([right]), n_labels)[0]
    by_label = (by_label + strengths.crowd * prior) / (by_label.sum(axis=1, keepdims=True) + strengths.crowd)
    return (totals + strengths.types * by_label[label_of]) / (totals.sum(axis=1, keepdims=True) + strengths.types)


def coin_matrix(right: np.ndarray, n_labels: int) -> np.ndarray:
    """(W, K, K): right with probability right[w], else any other label alike."""
    wrong = (1 - right) / max(n_labels - 1, 1)
    matrix = np.repeat(wrong, n_labels * n_labels).reshape(len(right), n_labels, n_labels)
    matrix[:, np.arange(n_labels), np.arange(n_labels)] = (right if n_labels > 1 else np.ones_like(right))[:, None]
    return matrix


def shrunk_rates(
    hits: np.ndarray, met: np.ndarray, first: float, strengths: Strengths = STRENGTHS
) -> tuple[np.ndarray, np.ndarray]:
    """(rates (W, C), overall (W,)) from hits of met (W, C), for C kinds of question that share a worker's skill.

    The crowd's rate of each kind; the worker's overall rate, shrunk, as a factor on its odds; then her own counts. first:
    the rate of a crowd without any answers, worth two questions.
    """
    mean = (hits.sum() + 2 * first) / (met.sum() + 2)
    crowd = np.clip((hits.sum(axis=0) + strengths.crowd * mean) / (met.sum(axis=0) + strengths.crowd), FLOOR, 1 - FLOOR)
    seen = met.sum(axis=1)
    expected = np.where(seen > 0, met @ crowd / np.maximum(seen, 1e-300), mean)
    overall = (hits.sum(axis=1) + strengths.coin * expected) / (seen + strengths.coin)
    base = odds(crowd)[None] * (odds(overall) / odds(expected))[:, None]
    base /= 1 + base
    rates = (hits + strengths.row * base) / (met + strengths.row)
    return np.clip(rates, FLOOR, 1 - FLOOR), overall


def odds(p: np.ndarray) -> np.ndarray:
    """p / (1 - p) of an array (W,) or (W, T), kept off 0 and 1."""
    p = np.clip(p, 1e-6, 1 - 1e-6)
    return p / (1 - p)


def _accuracy(counts, crowd, label_of, strength) -> tuple[np.ndarray, np.ndarray]:
    """(accuracy, expected), both (W,): a worker's shrunk share of right answers, and the crowd's on the same truths."""
    types = np.arange(len(label_of))
    diagonal = crowd[types, label_of]
    met = counts.sum(axis=2)
    seen = met.sum(axis=1)
    everybody = met.sum(axis=0) + 1e-9
    mean = float(diagonal @ everybody / everybody.sum())
    expected = np.where(seen > 0, met @ diagonal / np.maximum(seen, 1e-300), mean)
    right = counts[:, types, label_of].sum(axis=1)
    return (right + strength * expected) / (seen + strength), expected


def scale_odds(crowd: np.ndarray, label_of: np.ndarray, ratio: np.ndarray) -> np.ndarray:
    """(W, T, K): the crowd's matrix with the odds of the right answer times ratio (W,), errors shared as before."""
    if crowd.shape[1] == 1:
        return np.ones((len(ratio), *crowd.shape))
    types = np.arange(len(label_of))
    right = odds(crowd[types, label_of])[None, :] * ratio[:, None]
    right /= 1 + right
    errors = crowd.copy()
    errors[types, label_of] = 0
    errors /= errors.sum(axis=1, keepdims=True)
    scaled = errors[None] * (1 - right)[:, :, None]
    scaled[:, types, label_of] = right
    return scaled
