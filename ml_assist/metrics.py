"""How good predictions are. Pure."""

from collections import Counter
from collections.abc import Sequence
from math import log

from consensus.core.answers.shares import wilson_interval
from ml_assist.learners.base import Prediction

ECE_BINS = 10


def measure(predictions: Sequence[Prediction], truths: Sequence[str]) -> dict:
    """Accuracy with the low end of its 95 % interval; accuracy of always saying the most frequent truth; log loss (nat);
    expected calibration error."""
    right = [prediction.label == truth for prediction, truth in zip(predictions, truths, strict=True)]
    confidences = [prediction.confidence for prediction in predictions]
    losses = [-log(max(p.probabilities.get(truth, 0.0), 1e-9)) for p, truth in zip(predictions, truths, strict=True)]
    return {
        "n_held_back": len(truths),
        "accuracy": sum(right) / len(right),
        "accuracy_low": wilson_interval(sum(right), len(right))[0],
        "majority_accuracy": Counter(truths).most_common(1)[0][1] / len(truths),
        "log_loss": sum(losses) / len(losses),
        "ece": expected_calibration_error(confidences, right),
    }


def expected_calibration_error(confidences: Sequence[float], right: Sequence[bool]) -> float:
    """Mean |confidence - accuracy| over equal-width bins, weighted by their size (Naeini et al., AAAI 2015)."""
    bins: dict[int, list[tuple[float, bool]]] = {}
    for confidence, was_right in zip(confidences, right, strict=True):
        bins.setdefault(min(int(confidence * ECE_BINS), ECE_BINS - 1), []).append((confidence, was_right))
    gaps = (abs(sum(c for c, _ in entries) - sum(r for _, r in entries)) for entries in bins.values())
    return sum(gaps) / len(right)
