"""Tails of the two laws of drawing, from SciPy's special functions: `scipy.stats` takes longer to load than all else that it needs."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import betainc, gammaln, logsumexp


def binomial_at_least(hits: ArrayLike, of: ArrayLike, p: ArrayLike) -> np.ndarray:
    """P(X >= hits), X binomial of so many tries: all (n,), or of shapes that broadcast. By the incomplete beta function (NIST Handbook of
    Mathematical Functions, 2010, 8.17.5)."""
    hits, of, p = np.broadcast_arrays(np.asarray(hits, float), np.asarray(of, float), np.asarray(p, float))
    within = (hits > 0) & (hits <= of)
    inner = betainc(np.where(within, hits, 1), np.where(within, of - hits + 1, 1), p)
    return np.where(within, inner, hits <= 0)


def binomial_at_most(hits: ArrayLike, of: ArrayLike, p: ArrayLike) -> np.ndarray:
    """P(X <= hits): (n,), arguments as of `binomial_at_least`."""
    return binomial_at_least(np.asarray(of) - hits, of, 1 - np.asarray(p, float))


def hypergeometric_at_least(hits: int, drawn: int, marked: int, of: int) -> float:
    """P(X >= hits), X the marked ones among `drawn` without return from `of`, of which `marked` are."""
    counts = np.arange(max(hits, drawn + marked - of, 0), min(drawn, marked) + 1)
    if not len(counts):
        return 0.0
    ways = _log_ways(marked, counts) + _log_ways(of - marked, drawn - counts) - _log_ways(of, drawn)
    return float(np.exp(min(logsumexp(ways), 0.0)))


def _log_ways(of: ArrayLike, chosen: ArrayLike) -> np.ndarray:
    of, chosen = np.asarray(of, float), np.asarray(chosen, float)
    return gammaln(of + 1) - gammaln(chosen + 1) - gammaln(of - chosen + 1)
