"""Bounds for a mean that hold at any time: whoever looks after each observation, and stops when it suits her, keeps the stated confidence.

Betting (I. Waudby-Smith and A. Ramdas, Estimating means of bounded random variables by betting, JRSS B 86 (2024),
doi:10.1093/jrsssb/qkad009): a gambler bets that the mean is below m. Were it m or more, her capital prod(1 - s (x - m)) would be a
non-negative supermartingale for each stake s that depends on the past alone, so it exceeds 1 / alpha at any time with a probability of
alpha at most (Ville). The means that she refutes are those above the bound. Here she spreads her money over FRACTIONS of the largest stake
that can't ruin her: a mixture of capitals is a capital, needs no guess of the variance, and does not depend on the order of the
observations, so that anybody can recompute it from the sample alone.
"""

from __future__ import annotations

from functools import partial

import numpy as np

FRACTIONS = (np.arange(32) + 0.5) / 32
STEPS = 40  # of the bisection: 2^-40


def upper_bound(values: np.ndarray, alpha: float, most: float = 1.0) -> float:
    """With probability 1 - alpha the mean is at most this, at all times at once.

    values (n,): from 0 to `most`, each with this mean given those before. At most `most`. ValueError for values outside and an alpha that
    is no probability."""
    scaled = _scaled(values, alpha, most)
    return float(most) * _bound(scaled, alpha)


def is_below(values: np.ndarray, mean: float, alpha: float, most: float = 1.0) -> bool:
    """Whether upper_bound of the same values (n,) would be at most `mean`: one step in place of a search."""
    distinct, times = np.unique(_scaled(values, alpha, most), return_counts=True)
    return len(values) > 0 and _log_capital(distinct, times, mean / most) >= -np.log(alpha)


def lower_bound(values: np.ndarray, alpha: float, most: float = 1.0) -> float:
    """As upper_bound of values (n,): the mean is at least this."""
    scaled = _scaled(values, alpha, most)
    return float(most) * (1 - _bound(1 - scaled, alpha))


def _scaled(values: np.ndarray, alpha: float, most: float) -> np.ndarray:
    if not 0 < alpha < 1:
        raise ValueError(f"alpha must lie between 0 and 1, not {alpha}.")
    values = np.asarray(values, dtype=float) / most
    if len(values) and not (values.min() >= -1e-12 and values.max() <= 1 + 1e-12):
        raise ValueError(f"values must lie between 0 and {most}.")
    return np.clip(values, 0, 1)


def _bound(values: np.ndarray, alpha: float) -> float:
    """The lowest mean from which on all are refuted: the capital only grows with m."""
    low, high = (float(values.mean()) if len(values) else 1.0), 1.0
    distinct, times = np.unique(values, return_counts=True)
    refuted = partial(_log_capital, distinct, times)
    if not len(values) or refuted(1.0) < -np.log(alpha):
        return 1.0
    for _ in range(STEPS):
        middle = (low + high) / 2
        low, high = (low, middle) if refuted(middle) >= -np.log(alpha) else (middle, high)
    return high


def refuted_at(values: np.ndarray, mean: float, alpha: float, most: float = 1.0) -> int | None:
    """After how many of the values (n,), in this order, is_below is True for the first time; None: never."""
    scaled, mean = _scaled(values, alpha, most), mean / most
    stakes = FRACTIONS[:, None] / max(1 - mean, 1e-12)
    logs = np.cumsum(np.log1p(-stakes * (scaled - mean)), axis=1)
    reached = np.flatnonzero(np.logaddexp.reduce(logs, axis=0) - np.log(len(FRACTIONS)) >= -np.log(alpha))
    return int(reached[0]) + 1 if len(reached) else None


def _log_capital(values: np.ndarray, times: np.ndarray, mean: float) -> float:
    """Of who bets that the mean is below this; values (n,) from 0 to 1, each so many times."""
    stakes = FRACTIONS[:, None] / max(1 - mean, 1e-12)
    logs = np.log1p(-stakes * (values - mean)) @ times
    return float(np.logaddexp.reduce(logs) - np.log(len(FRACTIONS)))
