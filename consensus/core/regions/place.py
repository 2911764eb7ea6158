"""Where is the object: precision-weighted coordinates with a localisation error and a bias learned for every worker.

Coordinate d of worker w's mark of object c, in units of the object's size s_c:

    (x_wcd - mu_cd) / s_cd ~ Student-t(NU; bias_wd, spread_w),   bias_wd ~ N(0, .),   spread_w^2 shrunk to the crowd's

Fitted by iteratively reweighted least squares: a Student-t is a Gaussian whose precision is itself drawn (Lange, Little & Taylor 1989,
doi:10.1080/01621459.1989.10478852), so a slipped edge loses its weight and the other edges of that box keep theirs. Residuals are
divided by their degrees of freedom, so that workers who are often alone do not look exact.

The error given out is the scatter of an object's marks (held to its workers' spread by OWN_SCATTER marks), not that of their mean:
people err together about where a thing ends, and a mean of nine is not three times as good as one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypedDict

import numpy as np

NU = 4.0  # degrees of freedom: the usual robust choice
MARKS_FOR_SPREAD = 10.0  # pseudo-marks that hold a worker's spread to the crowd's
MARKS_FOR_BIAS = 5.0  # pseudo-marks that hold a worker's bias to none
SPREAD_PRIOR = 0.08  # of the object's size
OWN_SCATTER = 4.0


@dataclass(frozen=True)
class Places:
    """centre (C, D), error (C, D): likely error of each coordinate, both in the marks' unit; spread (W,), bias (W, D), crowd_spread:
    learned, in units of the object's size."""

    centre: np.ndarray
    error: np.ndarray
    spread: np.ndarray
    bias: np.ndarray
    crowd_spread: float


class HeldWorkers(TypedDict, total=False):
    """What `place` takes as known of the workers; nothing of it: it learns them."""

    spread: np.ndarray
    bias: np.ndarray
    crowd_spread: float


def medians(coordinates: np.ndarray, candidate: np.ndarray, n: int) -> np.ndarray:
    """(n, D) coordinate-wise median of the marks of each of n candidates, each with at least one mark."""
    order = np.argsort(candidate, kind="stable")
    counts = np.bincount(candidate, minlength=n)
    start = np.cumsum(counts) - counts
    middle = np.empty((n, coordinates.shape[1]))
    for d in range(coordinates.shape[1]):
        by = order[np.lexsort((coordinates[order, d], candidate[order]))]
        middle[:, d] = (coordinates[by[start + (counts - 1) // 2], d] + coordinates[by[start + counts // 2], d]) / 2
    return middle


def place(
    coordinates: np.ndarray,
    candidate: np.ndarray,
    worker: np.ndarray,
    size: Callable[[np.ndarray], np.ndarray],
    n_candidates: int,
    n_workers: int,
    spread: np.ndarray | None = None,
    bias: np.ndarray | None = None,
    crowd_spread: float = SPREAD_PRIOR,
    rounds: int = 12,
) -> Places:
    """Locate every candidate. coordinates: (M, D); size: function (C, D) centres -> (C, D) positive scales.

    With spread (W,) and bias (W, D) given, the workers are held and only the places are found.
    """
    n_dims = coordinates.shape[1]
    learn = spread is None
    spread = np.full(n_workers, crowd_spread) if spread is None else spread
    bias = np.zeros((n_workers, n_dims)) if bias is None else bias
    centre = medians(coordinates, candidate, n_candidates)
    for _ in range(rounds):
        scale = size(centre)
        straight = coordinates - bias[worker] * scale[candidate]
        residual = (straight - centre[candidate]) / scale[candidate]
        trust = (NU + 1) / (NU + (residual / spread[worker, None]) ** 2)
        weight = trust / spread[worker, None] ** 2
        total = _sums(weight, candidate, n_candidates)
        centre = _sums(weight * straight, candidate, n_candidates) / total
        if learn:
            leverage = weight / total[candidate]
            away = (coordinates - centre[candidate]) / scale[candidate]
            spread, crowd_spread = _spread(away - bias[worker], trust, leverage, worker, n_workers)
            bias = _sums(trust * away, worker, n_workers) / (MARKS_FOR_BIAS + _sums(trust, worker, n_workers))
    scale = size(centre)
    residual = (coordinates - centre[candidate]) / scale[candidate] - bias[worker]
    return Places(
        centre, scale * _scatter(residual, candidate, spread[worker], n_candidates), spread, bias, crowd_spread
    )


def _scatter(residual: np.ndarray, candidate: np.ndarray, spread: np.ndarray, n: int) -> np.ndarray:
    """(C, D) root mean square residual of each object's marks, held to the spread of its workers."""
    count = np.bincount(candidate, minlength=n)[:, None]
    usual = np.bincount(candidate, spread**2, minlength=n)[:, None] / np.maximum(count, 1)
    return np.sqrt((OWN_SCATTER * usual + _sums(residual**2, candidate, n)) / (OWN_SCATTER + count))


def _spread(
    residual: np.ndarray, trust: np.ndarray, leverage: np.ndarray, worker: np.ndarray, n_workers: int
) -> tuple[np.ndarray, float]:
    squares = np.bincount(worker, (trust * residual**2).mean(axis=1), minlength=n_workers)
    freedom = np.bincount(worker, (1 - leverage).mean(axis=1), minlength=n_workers)
    crowd = (MARKS_FOR_SPREAD * SPREAD_PRIOR**2 + squares.sum()) / (MARKS_FOR_SPREAD + freedom.sum())
    own = (MARKS_FOR_SPREAD * crowd + squares) / (MARKS_FOR_SPREAD + freedom)
    return np.sqrt(own), float(np.sqrt(crowd))


def _sums(value: np.ndarray, code: np.ndarray, n: int) -> np.ndarray:
    return np.stack([np.bincount(code, value[:, d], minlength=n) for d in range(value.shape[1])], axis=1)
