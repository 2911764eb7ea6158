"""A number about N items, from predictions for all and the truth of a few: an interval that holds at any time of stopping.

The mean of y over all items is the mean of the predictions f plus the mean of y - f. Of the second a sample is drawn with replacement,
item i with chance q[i]: (y - f) / (N q) has its mean, whatever f is worth, so a bad prediction makes the interval wide and never wrong.
The chances follow the spread that the predictions themselves expect, half of them being even, so that none counts more than twice (T.
Zrnic and E. Candes, Active Statistical Inference, ICML 2024, arXiv 2403.03208). Each end is a bound by betting (betting.py) at half of the
risk."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .betting import lower_bound, upper_bound


@dataclass(frozen=True)
class Estimate:
    """value within [low, high], with the confidence asked for; n: draws."""

    value: float
    low: float
    high: float
    n: int

    @property
    def half_width(self) -> float:
        """In the unit of the mean: half of the interval."""
        return (self.high - self.low) / 2


def spread_weights(predicted: np.ndarray, range_: tuple[float, float] = (0.0, 1.0)) -> np.ndarray:
    """(N,) float, sum 1: chances of being drawn, from predicted means (N,) of y within this range: of the widest distribution that such a
    mean allows, the standard deviation."""
    low, high = range_
    spread = np.sqrt(np.clip((high - predicted) * (predicted - low), 0, None))
    spread = spread / spread.sum() if spread.sum() > 0 else np.full(len(spread), 1 / len(spread))
    return 0.5 * spread + 0.5 / len(spread)


def estimate(
    predicted: np.ndarray,
    chances: np.ndarray,
    drawn: np.ndarray,
    seen: np.ndarray,
    alpha: float = 0.05,
    range_: tuple[float, float] = (0.0, 1.0),
) -> Estimate:
    """The mean of y over all items.

    predicted (N,): f, within range_; chances (N,): of each item in a draw, sum 1; drawn (n,): items, each independent of what was seen;
    seen (n,): their y, within range_. ValueError where a value lies outside or lengths differ."""
    predicted, chances, drawn, seen = (np.asarray(one) for one in (predicted, chances, drawn, seen))
    if len(drawn) != len(seen) or len(predicted) != len(chances):
        raise ValueError("seen must have one value a draw, and chances one an item.")
    low, high = range_
    for name, values in (("predicted", predicted), ("seen", seen)):
        if len(values) and not (low <= values.min() and values.max() <= high):
            raise ValueError(f"{name} must lie between {low} and {high}.")
    if not len(drawn):
        return Estimate(float(predicted.mean()), low, high, 0)
    parts, most, base = parts_of(predicted, chances, drawn, seen, range_)
    ends = [bound(parts, alpha / 2, 2 * most) - most + base for bound in (lower_bound, upper_bound)]
    least, greatest = max(low, ends[0]), min(high, ends[1])
    return Estimate(float(np.clip(base + parts.mean() - most, least, greatest)), least, greatest, len(drawn))


def parts_of(
    predicted: np.ndarray,
    chances: np.ndarray,
    drawn: np.ndarray,
    seen: np.ndarray,
    range_: tuple[float, float] = (0.0, 1.0),
) -> tuple[np.ndarray, float, float]:
    """(values (n,) from 0 to twice `most`, most, base): the mean of the values, less `most`, and base are the mean of y."""
    weight = 1 / (len(predicted) * chances)
    most = float((weight * np.maximum(range_[1] - predicted, predicted - range_[0])).max())
    return (seen - predicted[drawn]) * weight[drawn] + most, most, float(predicted.mean())
