"""Drift: a worker whose accuracy changed, when, and in which direction.

x_n = P(her n-th answer is true) - P(a typical worker is right on that item), both from the leave-one-out view, so that
a stretch of hard items is no drift. With S_n its centred running sum, max |S_n| / (sd sqrt(N)) has Kolmogorov's distribution
when nothing changes (CUSUM test: E. S. Page, Biometrika 41 (1954), doi:10.1093/biomet/41.1-2.100; the limit: Brownian bridge).
The place of the maximum is the likeliest time of the change.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import kolmogorov

from .evidence import LEVEL, Flag, discoveries, segment_sums
from .expected import Expected
from .log import Log

MIN_ANSWERS = 40
MIN_CHANGE = 0.15  # of accuracy; less is not worth anybody's time


@dataclass(frozen=True, eq=False)
class Drift:
    """Per worker (W,): p_value (NaN: not tested); change of accuracy; before, after: accuracy; change_row: the vote after which it
    changed, as a place in `order` (votes by worker and time); flagged."""

    order: np.ndarray
    p_value: np.ndarray
    change: np.ndarray
    before: np.ndarray
    after: np.ndarray
    change_row: np.ndarray
    flagged: np.ndarray


def find_drift(log: Log, expected: Expected, level: float = LEVEL) -> Drift:
    """Whose accuracy changed, and after which answer, at a false discovery rate of `level`."""
    votes, order = log.votes, log.by_worker()
    worker, n = votes.worker_codes[order], votes.votes_per_worker
    right = expected.right[order]
    gain = right - expected.typical_right[order]
    seen = np.maximum(n, 1)
    centred = gain - (segment_sums(gain, worker, votes.n_workers) / seen)[worker]
    running = np.cumsum(centred)  # each worker's sum is 0, so every worker begins at 0
    peak = _place_of_peak(np.abs(running), worker, votes.n_workers)
    spread = np.sqrt(segment_sums(centred**2, worker, votes.n_workers) / seen)
    tested = (n >= MIN_ANSWERS) & (spread > 1e-9)
    size = np.zeros(votes.n_workers)
    size[tested] = np.abs(running[peak[tested]]) / (spread[tested] * np.sqrt(n[tested]))
    p_value = np.where(tested, kolmogorov(size), np.nan)
    early = np.arange(len(order)) <= peak[worker]
    before, after = _means(right, worker, early, votes.n_workers)
    gain_before, gain_after = _means(gain, worker, early, votes.n_workers)
    change = gain_after - gain_before
    flagged = discoveries(p_value, level) & (np.abs(change) >= MIN_CHANGE)
    return Drift(order, p_value, change, before, after, peak, flagged)


def drift_flags(log: Log, found: Drift) -> list[Flag]:
    """The flags of those found, with the numbers of their sentence."""
    votes, flags = log.votes, []
    starts = np.cumsum(votes.votes_per_worker) - votes.votes_per_worker
    for w in np.flatnonzero(found.flagged):
        n_before = int(found.change_row[w] - starts[w] + 1)
        first_after = found.order[min(found.change_row[w] + 1, len(found.order) - 1)]
        numbers = {
            "before": round(float(found.before[w]), 3),
            "after": round(float(found.after[w]), 3),
            "change": round(float(found.change[w]), 3),
            "answers_before": n_before,
            "answers_after": int(votes.votes_per_worker[w]) - n_before,
            "changed_at_s": float(log.at_s[first_after]),
            "first_row": int(log.row[first_after]),
        }
        score = min(abs(float(found.change[w])), 1.0)
        flags.append(Flag("drift", votes.worker_ids[w : w + 1].tolist()[0], score, float(found.p_value[w]), numbers))
    return flags


def _place_of_peak(values: np.ndarray, worker: np.ndarray, n_workers: int) -> np.ndarray:
    """(W,) the first place of the largest value of each worker; 0 without any."""
    order = np.lexsort((-np.arange(len(values)), values, worker))
    peak = np.zeros(n_workers, dtype=int)
    peak[worker[order]] = order  # the last written is the largest
    return peak


def _means(values: np.ndarray, worker: np.ndarray, early: np.ndarray, n_workers: int) -> tuple[np.ndarray, np.ndarray]:
    """(W,) means before and after; 0 where there is nothing."""
    sums = [segment_sums(values * part, worker, n_workers) for part in (early, ~early)]
    counts = [segment_sums(part, worker, n_workers) for part in (early, ~early)]
    return sums[0] / np.maximum(counts[0], 1), sums[1] / np.maximum(counts[1], 1)
