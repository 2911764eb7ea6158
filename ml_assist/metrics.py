"""How good predictions are. Pure."""

from collections import Counter
from collections.abc import Sequence
from math import log, sqrt

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


def wilson_interval(successes: int, trials: int, z: float = 1.959964) -> tuple[float, float]:
    """The 95 % score interval of a share (Wilson, JASA 1927, doi:10.1080/01621459.1927.10502953); (0, 1) when nothing was tried."""
    if trials == 0:
        return 0.0, 1.0
    share = successes / trials
    centre = share + z * z / (2 * trials)
    spread = z * sqrt(share * (1 - share) / trials + z * z / (4 * trials * trials))
    scale = 1 + z * z / trials
    return max(0.0, (centre - spread) / scale), min(1.0, (centre + spread) / scale)
