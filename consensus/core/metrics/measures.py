"""How good are decisions and confidences when the truth is known. Ties count by their expectation over a random choice.

truth: (I,) label codes, -1 where unknown (left out). posteriors: (I, K).
"""

from __future__ import annotations

import numpy as np

TIE = 1e-9
BINS = 10


def expected_accuracy(posteriors: np.ndarray, truth: np.ndarray) -> float:
    """Share of right decisions; an item whose best label ties with m - 1 others counts 1/m. NaN without a known truth."""
    posteriors, truth = _known(posteriors, truth)
    return float(_right(posteriors, truth).mean()) if len(truth) else float("nan")


def log_loss(posteriors: np.ndarray, truth: np.ndarray, floor: float = 1e-10) -> float:
    """Mean of -ln P(truth), in nats; probabilities below floor count as floor. NaN without a known truth."""
    posteriors, truth = _known(posteriors, truth)
    if not len(truth):
        return float("nan")
    return float(-np.log(np.maximum(posteriors[np.arange(len(truth)), truth], floor)).mean())


def calibration_error(posteriors: np.ndarray, truth: np.ndarray, bins: int = BINS) -> float:
    """Expected calibration error: mean gap of accuracy and confidence over equal-width bins of the highest posterior.

    NaN without a known truth. C. Guo, G. Pleiss, Y. Sun, K. Q. Weinberger, On Calibration of Modern Neural Networks, ICML 2017.
    """
    confidence, accuracy, share = reliability(posteriors, truth, bins)
    if not len(share):
        return float("nan")
    return float(np.sum(share * np.abs(accuracy - confidence)))


def reliability(
    posteriors: np.ndarray, truth: np.ndarray, bins: int = BINS
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(mean confidence, accuracy, share of items) of the bins that hold items."""
    posteriors, truth = _known(posteriors, truth)
    confidence, right = posteriors.max(axis=1), _right(posteriors, truth)
    place = np.minimum((confidence * bins).astype(int), bins - 1)
    counts = np.bincount(place, minlength=bins)
    used = counts > 0
    means = [np.bincount(place, weights=x, minlength=bins)[used] / counts[used] for x in (confidence, right)]
    return means[0], means[1], counts[used] / max(len(truth), 1)


def _known(posteriors: np.ndarray, truth: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    posteriors, truth = np.asarray(posteriors), np.asarray(truth)
    if (
        posteriors.ndim != 2
        or truth.shape != posteriors.shape[:1]
        or (len(truth) and truth.max() >= posteriors.shape[1])
    ):
        raise ValueError(
            f"truth must be one label code below {posteriors.shape[-1]} for each row of posteriors, -1 where unknown."
        )
    return posteriors[truth >= 0], truth[truth >= 0]


def _right(posteriors: np.ndarray, truth: np.ndarray) -> np.ndarray:
    best = posteriors >= posteriors.max(axis=1, keepdims=True) - TIE
    return best[np.arange(len(truth)), truth] / best.sum(axis=1)
