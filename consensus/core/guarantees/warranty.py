"""A promise on labels: "at most e of these are wrong", with a stated confidence, from a random sample that a reference judged.

Labels have a stated confidence. A sample is drawn with replacement, label i with a chance in proportion to its weight: half of the draws
evenly over all labels, half by their doubt. For every confidence u the draws bound how many labels at least so sure are wrong, of all
labels (betting.py, weighed by chance: D. G. Horvitz and D. J. Thompson, JASA 47 (1952)). The lowest u whose bound is at most e is taken:
labels at least so sure stand as they are, and the reference judges the rest. More labels are never less wrong, so one bound at the wanted
confidence is enough for all u at once, and it may be looked at after every draw. After E. Candes, A. Ilyas and T. Zrnic, Probably
Approximately Correct Labels, arXiv 2506.10908 (2025), with what they take for granted put in: the reference errs, too. A label is wrong
only if the reference calls it wrong or is wrong itself, so what the reference gets wrong, at most, is added to the bound.

Weights are whole numbers and draws come from SHA-256, so that anybody can make the sample again from the frozen labels.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .betting import is_below, upper_bound

MILLION = 10**6
MOST_DRAWS = 100_000


@dataclass(frozen=True)
class Promise:
    """error: of the labels at most this share is wrong; confidence: so sure; reference_error: what the reference itself gets wrong, at
    most."""

    error: float
    confidence: float = 0.95
    reference_error: float = 0.0

    def __post_init__(self) -> None:
        for name, value in (("error", self.error), ("confidence", self.confidence)):
            if not 0 < value < 1:
                raise ValueError(f"{name} must lie between 0 and 1, not {value}.")
        if not 0 <= self.reference_error < self.error:
            raise ValueError(
                "reference_error must be below error: no sample shows less than the reference's own error."
            )


@dataclass(frozen=True)
class Standing:
    """The labels that stand without being judged: n_labels of them, at least so sure; `n_drawn` draws fell on them, `n_wrong` of these on
    wrong ones; bound: so much of all labels is wrong, at most, once the others are judged. No label stands: confidence 10^6 + 1, and the
    bound is the reference's own error."""

    confidence_ppm: int
    n_labels: int
    n_drawn: int
    n_wrong: int
    bound: float


def weights_of(confidence_ppm: np.ndarray) -> np.ndarray:
    """(N,) int64: in proportion to these a label is drawn."""
    doubt = MILLION - np.asarray(confidence_ppm, dtype=np.int64) + 1
    return doubt * len(doubt) + int(doubt.sum())


def draws(seed: str, weights: np.ndarray, n: int) -> list[int]:
    """The first n places of the sample: with replacement, place i with chance weights[i] / sum; weights (N,) whole numbers. The same for
    everybody. seed: text that was fixed before, such as the hash of the frozen labels. ValueError for an n that is none."""
    if not 0 < n <= MOST_DRAWS:
        raise ValueError(f"n must be a whole number from 1 to {MOST_DRAWS}.")
    ends = np.cumsum(np.asarray(weights, dtype=np.int64))  # below 2^63 for two million labels
    texts = (f"ilima/warranty/1:{seed}:{number}".encode() for number in range(n))
    ticks = [int.from_bytes(hashlib.sha256(text).digest(), "big") % int(ends[-1]) for text in texts]
    return np.searchsorted(ends, ticks, side="right").tolist()


def standing(confidence_ppm: np.ndarray, drawn: Sequence[int], wrong: Sequence[bool], promise: Promise) -> Standing:
    """The most labels for which the promise is kept.

    confidence_ppm (N,): of all labels; drawn (n,): places, as `draws` gives them; wrong (n,): what the reference said of each. ValueError
    where these differ in length."""
    sample = Sample(confidence_ppm, drawn, wrong)
    least, alpha = promise.error - promise.reference_error, 1 - promise.confidence
    levels = np.unique(sample.confidence_ppm)
    low, high = 0, len(levels)  # from levels[high] on the promise is kept
    while low < high:
        middle = (low + high) // 2
        kept = is_below(sample.values(levels[middle]), least, alpha, sample.most)
        low, high = (low, middle) if kept else (middle + 1, high)
    level = int(levels[high]) if high < len(levels) else MILLION + 1
    stand = sample.confidence_ppm >= level
    on, values = stand[sample.drawn], sample.values(level)
    bound = upper_bound(values, alpha, sample.most) if stand.any() else 0.0
    return Standing(
        level, int(stand.sum()), int(on.sum()), int((on & sample.wrong).sum()), bound + promise.reference_error
    )


class Sample:
    """Draws with what the reference said of them."""

    def __init__(self, confidence_ppm: np.ndarray, drawn: Sequence[int], wrong: Sequence[bool]) -> None:
        self.confidence_ppm = np.asarray(confidence_ppm, dtype=np.int64)
        self.drawn, self.wrong = np.asarray(drawn, dtype=int), np.asarray(wrong, dtype=bool)
        if len(self.drawn) != len(self.wrong):
            raise ValueError(f"wrong must say so of each of the {len(self.drawn)} draws.")
        weights = weights_of(self.confidence_ppm).astype(float)  # these ratios are exact to 1e-15
        self._weight = weights.sum() / (len(weights) * weights)
        self.most = float(self._weight.max())

    def values(self, level: int) -> np.ndarray:
        """(n,): their mean is the share of all labels that are wrong and at least so sure."""
        counts = self.wrong & (self.confidence_ppm[self.drawn] >= level)
        return self._weight[self.drawn] * counts


def to_judge(confidence_ppm: np.ndarray, drawn: Sequence[int], level: int) -> int:
    """Labels that the reference has to judge in all: those drawn, and those that do not stand. confidence_ppm (N,): of all labels."""
    judged = np.asarray(confidence_ppm) < level
    judged[np.asarray(drawn, dtype=int)] = True
    return int(judged.sum())
