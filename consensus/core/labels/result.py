"""What every categorical method returns."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

SAFE_TOTAL = 1e-100  # far enough from the smallest double that labels 1e-200 times as likely are still told apart


@dataclass(frozen=True, eq=False)
class Result:
    """labels (I,) int32 codes, ties to the lowest code; posteriors (I, K), rows sum to 1; skills (W,) in [0, 1]: the
    probability that the worker's answer is right; confusion (W, K, K) as P(answer a | truth k) at [w, k, a] or None;
    prior (K,); n_iter and converged of the iteration (1 and True for direct methods); log_likelihood per vote or None.
    """

    labels: np.ndarray
    posteriors: np.ndarray
    skills: np.ndarray
    prior: np.ndarray
    confusion: np.ndarray | None = None
    n_iter: int = 1
    converged: bool = True
    log_likelihood: float | None = None

    @property
    def confidence(self) -> np.ndarray:
        """(I,) the posterior of the chosen label."""
        return self.posteriors[np.arange(len(self.labels)), self.labels]


def choose(posteriors: np.ndarray, tolerance: float = 1e-9) -> np.ndarray:
    """(I,) int32: the label of the highest posterior; those within `tolerance` of it tie, and the lowest code wins.

    The tolerance keeps the choice the same when rounding differs (another order of workers, another machine).
    """
    if not len(posteriors):
        return np.zeros(0, dtype=np.int32)
    return (posteriors >= posteriors.max(axis=1, keepdims=True) - tolerance).argmax(axis=1).astype(np.int32)


def softmax_rows(scores: np.ndarray, room: np.ndarray | None = None) -> float:
    """Row-wise softmax in place: (I, T) log scores become probabilities. Returns the sum of the log normalisers.

    Taking the largest score from each row, the usual guard, costs more than the exponentials where rows are short; so only
    those rows get it whose sum is out of the safe range. room (I, T) is overwritten.
    """
    if not scores.size:
        return 0.0
    with np.errstate(over="ignore"):
        powers = np.exp(scores, out=room)
        totals = np.einsum("it->i", powers)
    shift = 0.0
    risky = np.flatnonzero(~((totals > SAFE_TOTAL) & (totals < 1 / SAFE_TOTAL)))
    if len(risky):
        best = scores[risky].max(axis=1, keepdims=True)
        powers[risky] = np.exp(scores[risky] - best)
        totals[risky], shift = powers[risky].sum(axis=1), best.sum()
    np.multiply(powers, (1 / totals)[:, None], out=scores)
    return float(np.log(totals).sum() + shift)


def soften(posteriors: np.ndarray, power: np.ndarray) -> np.ndarray:
    """(I, K) posteriors raised to power (I,) and normalised anew: below 1 less sure, the order of labels kept."""
    softened = np.log(np.maximum(posteriors, 1e-300)) * power[:, None]
    softmax_rows(softened)
    return softened


def clamp(posteriors: np.ndarray, gold: np.ndarray | None, n_types: int = 1) -> np.ndarray:
    """posteriors (I, K * n_types) with only the known truth (gold (I,) code >= 0) in the rows of gold items, in place; types of
    it keep their shares."""
    if gold is not None:
        known = np.flatnonzero(gold >= 0)
        own = np.arange(posteriors.shape[1]) // n_types == gold[known, None]
        kept = np.where(own, np.maximum(posteriors[known], 1e-300), 0)
        posteriors[known] = kept / kept.sum(axis=1, keepdims=True)
    return posteriors


def check_history(history: np.ndarray | None, shape: tuple[int, ...]) -> np.ndarray | None:
    """history, of shape (W, K, K) or what is given, as floats; ValueError when it holds anything else than counts of at least 0."""
    if history is None:
        return None
    sentence = f"history must hold finite counts of at least 0 in the shape {shape}."
    try:
        history = np.asarray(history, dtype=float)
    except (TypeError, ValueError):
        raise ValueError(sentence) from None
    if history.shape != shape or not np.all((history >= 0) & (history < np.inf)):
        raise ValueError(sentence)
    return history


def check_passes(n_iter: int) -> None:
    """ValueError unless at least one pass is asked for."""
    if n_iter < 1:
        raise ValueError(f"n_iter must be at least 1, not {n_iter}.")


def check_gold(gold: np.ndarray | None, n_items: int, n_labels: int) -> np.ndarray | None:
    """gold as an int array (I,) with -1 for unknown; ValueError when it does not fit the votes."""
    if gold is None:
        return None
    gold = np.asarray(gold)
    if (
        gold.shape != (n_items,)
        or gold.dtype.kind not in "iu"
        or (n_items and not -1 <= gold.min() <= gold.max() < n_labels)
    ):
        raise ValueError(f"gold must be {n_items} label codes between -1 (unknown) and {n_labels - 1}, one an item.")
    return gold
