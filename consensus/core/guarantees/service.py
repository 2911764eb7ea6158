"""A promise on labels that come one by one: "of all that are given at most e are wrong", from a random sample of them that people checked.

A model says something of every item, with a stated confidence; at a threshold u it answers alone what it is at least so sure of, and
people answer the rest. A sample is drawn by a coin that knows nothing of the item, so each draw is wrong and at least so sure with the
share that is wrong of all labels given at u. That share only grows when u falls, so one bound at the wanted confidence is enough for all u
at once, and it may be looked at after every draw (warranty.py, betting.py: Waudby-Smith and Ramdas 2024, doi:10.1093/jrsssb/qkad009). What
people get wrong, at most, is added.

A model, or what is sent to it, may change: an e-detector on the same draws (change.py) sounds where more is wrong than was promised."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .betting import is_below, upper_bound
from .change import watch
from .warranty import MILLION, Promise


@dataclass(frozen=True)
class Service:
    """threshold_ppm: from this confidence on the model answers alone, 10^6 + 1: it answers nothing; n: draws looked at; n_wrong: of those
    at least so sure, the wrong ones; share: of the draws that lie at or above it; bound: so many of all labels are wrong, at most;
    changed: an alarm, and no promise rests on these draws any more."""

    threshold_ppm: int
    n: int
    n_wrong: int
    share: float
    bound: float
    changed: bool = False


def service(
    confidence_ppm: Sequence[int], wrong: Sequence[bool], promise: Promise, at_ppm: int = MILLION + 1
) -> Service:
    """The lowest threshold at which the promise is kept.

    confidence_ppm (n,), wrong (n,): of the draws, in their order, none left out; at_ppm: the threshold as it was while they came, which
    the alarm is about. ValueError where these differ in length."""
    stated, missed = np.asarray(confidence_ppm, dtype=np.int64), np.asarray(wrong, dtype=bool)
    if len(stated) != len(missed):
        raise ValueError(f"wrong must say so of each of the {len(stated)} draws.")
    least, alpha = promise.error - promise.reference_error, 1 - promise.confidence
    if watch(missed & (stated >= at_ppm), least).alarm_at is not None:
        return Service(MILLION + 1, len(stated), 0, 0.0, promise.reference_error, changed=True)
    levels = np.unique(stated)
    low, high = 0, len(levels)  # from levels[high] on the promise is kept
    while low < high:
        middle = (low + high) // 2
        kept = is_below((missed & (stated >= levels[middle])).astype(float), least, alpha)
        low, high = (low, middle) if kept else (middle + 1, high)
    if high == len(levels):
        return Service(MILLION + 1, len(stated), 0, 0.0, promise.reference_error)
    stands = stated >= levels[high]
    counted = missed & stands
    bound = upper_bound(counted.astype(float), alpha) + promise.reference_error
    return Service(int(levels[high]), len(stated), int(counted.sum()), float(stands.mean()), bound)
