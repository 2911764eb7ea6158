"""Numbers with worker bias, scale and noise, item difficulty and outliers: hierarchical model, variational Bayes.

Answer n of worker w on item i, in working units (plain or logarithms):

    y_n = c + k_w x_i + b_w + e_n,   e_n ~ Student(4) with variance factor s_w^2 d_i,   x_i ~ N(0, tau^2)

so the item's value is c + x_i. Priors: b ~ N(0, beta^2), k ~ N(1, kappa^2), s_w^2 and d_i scaled inverse chi-square with
STRENGTH pseudo-answers; their scales are learned from the data (empirical Bayes), so that a worker with few answers is
the crowd. The level and the unit are the crowd's: over all answers, b has mean 0 and k has mean 1
(robust means: a few workers far off do not set the level).

Worker bias and noise: P. Welinder and P. Perona, Online crowdsourcing: rating annotators and obtaining cost-effective
labels, CVPR workshops 2010, doi:10.1109/CVPRW.2010.5543189; V. C. Raykar et al., Learning From Crowds, JMLR 11 (2010).
Student errors by weights: K. L. Lange, R. J. A. Little, J. M. G. Taylor, Robust Statistical Modeling Using the t
Distribution, JASA 84 (1989), doi:10.1080/01621459.1989.10478852. Cost of a pass O(answers).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from scipy.special import gammaln

FREEDOM = 4.0  # degrees of freedom of the errors
USUAL = 0.7407  # the median distance of Student errors from 0, in units of their scale
INFORMATION = (FREEDOM + 1) / (FREEDOM + 3)  # of a Student error, as a share of what its weight says
STRENGTH = 4.0  # pseudo-answers of the priors of noise and difficulty, as in shrink.py
SLOPE_SPREAD = 0.2  # of slopes before any data
PSEUDO = 2.0  # how many workers or items the first guess of a spread counts for
MIN_NOISE = 1e-6
MIN_SLOPE = 0.1
PLACING = 12  # passes for items whose workers are known


class Fit(NamedTuple):
    """In working units. value, spread (I,): posterior mean and standard deviation; difficulty (I,); bias, slope, noise
    (W,); centre: the typical value; log_likelihood per answer."""

    value: np.ndarray
    spread: np.ndarray
    difficulty: np.ndarray
    bias: np.ndarray
    slope: np.ndarray
    noise: np.ndarray
    centre: float
    log_likelihood: float
    n_iter: int
    converged: bool
    learned: Learned


@dataclass(frozen=True, eq=False)
class Answers:
    """item, worker (N,) codes; y (N,) in units of the answers' spread."""

    item: np.ndarray
    worker: np.ndarray
    y: np.ndarray
    n_items: int
    n_workers: int

    def per_item(self, values: np.ndarray | None = None) -> np.ndarray:
        """(I,) sums of values (N,), default: the number of answers."""
        return np.bincount(self.item, values, minlength=self.n_items)

    def per_worker(self, values: np.ndarray | None = None) -> np.ndarray:
        """(W,) sums of values (N,), default: the number of answers."""
        return np.bincount(self.worker, values, minlength=self.n_workers)


@dataclass(frozen=True, eq=False)
class State:
    """x, var_x, difficulty (I,); bias, slope, their variances and covariance, noise (variance), all (W,); and hyperparameters."""

    x: np.ndarray
    var_x: np.ndarray
    difficulty: np.ndarray
    bias: np.ndarray
    slope: np.ndarray
    var_bias: np.ndarray
    var_slope: np.ndarray
    covariance: np.ndarray
    noise: np.ndarray
    centre: float
    spread2: float
    noise_scale: float
    bias_spread2: float
    slope_spread2: float


@dataclass(frozen=True, eq=False)
class Learned:
    """What a fit knows beyond its items: the state of workers and priors, the zero and the unit that made the answers
    dimensionless, and the sum of the workers' squared shares of the answers."""

    state: State
    zero: float
    unit: float
    share2: float

    def of_workers(self, codes: np.ndarray) -> Learned:
        """The same for other workers: code of each (W',) in this fit, -1 for a newcomer, who is the crowd."""
        state, place = self.state, np.where(codes < 0, len(self.state.bias), codes)

        def pick(known: np.ndarray, crowd: float) -> np.ndarray:
            return np.append(known, crowd)[place]

        state = replace(
            state,
            bias=pick(state.bias, 0.0),
            slope=pick(state.slope, 1.0),
            var_bias=pick(state.var_bias, state.bias_spread2),
            var_slope=pick(state.var_slope, state.slope_spread2),
            covariance=pick(state.covariance, 0.0),
            noise=pick(state.noise, state.noise_scale),
        )
        return replace(self, state=state)


def fit_numbers(
    item: np.ndarray,
    worker: np.ndarray,
    value: np.ndarray,
    n_items: int,
    n_workers: int,
    unit: float,
    n_iter: int,
    tol: float,
) -> Fit:
    """item, worker, value (N,): one answer a worker and item; unit: a typical difference."""
    zero = float(np.median(value)) if len(value) else 0.0
    data = Answers(item, worker, (value - zero) / unit, n_items, n_workers)
    overlaps = bool((data.per_item() > 1).any())
    state, moved, done = _start(data, overlaps), np.inf, 0
    while overlaps and done < n_iter and moved > tol:
        new = _step(state, data)
        moved = float(np.abs(new.x + new.centre - state.x - state.centre).max(initial=0))
        state, done = new, done + 1
    shares = data.per_worker() / max(len(data.y), 1)
    learned = Learned(state, zero, unit, float(shares @ shares))
    return _fit(_items(state, data, _weights(state, data)), data, learned, done, not overlaps or moved <= tol)


def place_numbers(item: np.ndarray, worker: np.ndarray, value: np.ndarray, n_items: int, learned: Learned) -> Fit:
    """Items under workers and priors that are known already (worker: codes of `learned`); each item by itself."""
    data = Answers(item, worker, (value - learned.zero) / learned.unit, n_items, len(learned.state.bias))
    flat = np.ones(n_items)
    state = replace(learned.state, x=0 * flat, var_x=flat, difficulty=flat)
    state = _items(state, data, 1 / state.noise[worker])
    for _ in range(PLACING):
        squares = _squares(state, data)
        squares *= _outlier_weights(state, data, squares)
        seen = data.per_item(squares / state.noise[worker])
        state = replace(state, difficulty=(STRENGTH + seen) / (STRENGTH + data.per_item()))
        state = _items(state, data, _weights(state, data))
    return _fit(state, data, learned, PLACING, True)


def _fit(state: State, data: Answers, learned: Learned, n_iter: int, converged: bool) -> Fit:
    zero, unit = learned.zero, learned.unit
    # How far the mean bias and slope of just these workers may be from 0 and 1.
    level = learned.share2 * (state.bias_spread2 + state.slope_spread2 * state.x**2)
    return Fit(
        value=zero + unit * (state.centre + state.x),
        spread=unit * np.sqrt(state.var_x + level),
        difficulty=state.difficulty,
        bias=unit * state.bias,
        slope=state.slope,
        noise=unit * np.sqrt(state.noise),
        centre=zero + unit * state.centre,
        log_likelihood=_log_likelihood(state, data) - np.log(unit),
        n_iter=n_iter,
        converged=converged,
        learned=learned,
    )


def _start(data: Answers, overlaps: bool) -> State:
    """Item medians, which one worker who is far off does not move, no biases, one noise for all; where no item has two answers, the
    noise is taken to be the items' spread and nothing is shrunk: one worker is believed."""
    seen, zeros = data.per_item(), np.zeros(data.n_workers)
    middle = _medians(data)
    centre = float(np.median(middle[seen > 0])) if len(data.y) else 0.0
    x = np.where(seen > 0, middle - centre, 0.0)
    noise = max(float(np.mean((data.y - centre - x[data.item]) ** 2)), MIN_NOISE) if overlaps else 1.0
    return State(
        x=x,
        var_x=np.zeros(data.n_items),
        difficulty=np.ones(data.n_items),
        bias=zeros,
        slope=zeros + 1,
        var_bias=zeros,
        var_slope=zeros,
        covariance=zeros,
        noise=zeros + noise,
        centre=centre,
        spread2=max(float(x.var()), MIN_NOISE) if overlaps else np.inf,
        noise_scale=noise,
        bias_spread2=noise / 4,
        slope_spread2=SLOPE_SPREAD**2,
    )


def _medians(data: Answers) -> np.ndarray:
    """(I,) of each item's answers; 0 where there are none."""
    seen = data.per_item()
    in_order = np.append(data.y[np.lexsort((data.y, data.item))], 0.0)
    first = np.cumsum(seen) - seen
    low, high = first + np.maximum(seen - 1, 0) // 2, first + seen // 2
    return np.where(seen > 0, (in_order[low] + in_order[np.minimum(high, len(data.y))]) / 2, 0.0)


def _step(state: State, data: Answers) -> State:
    weights = _weights(state, data)
    state = _workers(state, data, weights)
    state = _recentred(_items(state, data, weights), data)
    return _variances(state, data)


def _squares(state: State, data: Answers) -> np.ndarray:
    """(N,) expected squared errors."""
    w, i = data.worker, data.item
    error = data.y - state.centre - state.slope[w] * state.x[i] - state.bias[w]
    unsure = state.var_bias[w] + 2 * state.covariance[w] * state.x[i] + state.slope[w] ** 2 * state.var_x[i]
    return error**2 + unsure + state.var_slope[w] * (state.x[i] ** 2 + state.var_x[i])


def _outlier_weights(state: State, data: Answers, squares: np.ndarray) -> np.ndarray:
    return _student(squares, state.noise[data.worker] * state.difficulty[data.item])


def _student(squares: np.ndarray, scale2: np.ndarray | float) -> np.ndarray:
    """The weight of a deviation under Student errors: near 1 inside the scale, small far outside."""
    return (FREEDOM + 1) / (FREEDOM + squares / scale2)


def _weights(state: State, data: Answers) -> np.ndarray:
    """(N,) precisions of the answers: small for noisy workers, hard items and outliers."""
    weights = _outlier_weights(state, data, _squares(state, data))
    return weights / (state.noise[data.worker] * state.difficulty[data.item])


def _workers(state: State, data: Answers, weights: np.ndarray) -> State:
    """Bias and slope of every worker: a regression of her answers on the items, shrunk towards the crowd's."""
    x, y = state.x[data.item], data.y - state.centre
    tight_b, tight_k = 1 / state.bias_spread2, 1 / state.slope_spread2
    a = data.per_worker(weights) + tight_b
    b = data.per_worker(weights * x)
    c = data.per_worker(weights * (x**2 + state.var_x[data.item])) + tight_k
    p = data.per_worker(weights * y)
    q = data.per_worker(weights * y * x) + tight_k
    scale = a * c - b**2
    bias, slope = (c * p - b * q) / scale, (a * q - b * p) / scale
    state = replace(state, bias=bias, slope=slope, var_bias=c / scale, var_slope=a / scale, covariance=-b / scale)
    return _learned_spreads(_anchored(state, data), data)


def _anchored(state: State, data: Answers) -> State:
    """Typical bias 0 and typical slope 1 over all answers; workers far off count less, so that a few do not set the level."""
    bias = _typical(state.bias, state.var_bias, data.per_worker())
    slope = _typical(state.slope, state.var_slope, data.per_worker())
    return replace(state, bias=state.bias - bias, slope=state.slope / (slope if slope > MIN_SLOPE else 1.0))


def _typical(values: np.ndarray, variances: np.ndarray, answers: np.ndarray) -> float:
    """A mean of (W,) values by their answers in which those far from the median, in units of the usual distance from it, count for little:
    a scale that is itself a mean of squares is as large as whoever is farthest off."""
    middle = _weighted_median(values, answers)
    usual = _weighted_median(np.abs(values - middle), answers) / USUAL
    weights = answers * _student(
        (values - middle) ** 2 + variances, usual**2 + _weighted_median(variances, answers) + 1e-12
    )
    return float(weights @ values / weights.sum())


def _weighted_median(values: np.ndarray, weights: np.ndarray) -> float:
    """Of (W,); the mean of two where the half lies between them."""
    order = np.argsort(values, kind="stable")
    below = np.cumsum(weights[order])
    half = below[-1] / 2
    low, high = np.searchsorted(below, half, side="left"), np.searchsorted(below, half, side="right")
    return float(values[order[low]] + values[order[min(high, len(order) - 1)]]) / 2


def _learned_spreads(state: State, data: Answers) -> State:
    active = data.per_worker() > 0
    n = active.sum() + PSEUDO
    bias2 = (state.bias**2 + state.var_bias)[active].sum() + PSEUDO * state.noise_scale / 4
    slope2 = ((state.slope - 1) ** 2 + state.var_slope)[active].sum() + PSEUDO * SLOPE_SPREAD**2
    return replace(state, bias_spread2=float(bias2 / n), slope_spread2=float(slope2 / n))


def _items(state: State, data: Answers, weights: np.ndarray) -> State:
    w = data.worker
    seen = data.per_item(weights * (state.slope**2 + state.var_slope)[w])
    pull = state.slope[w] * (data.y - state.centre - state.bias[w]) - state.covariance[w]
    prior = 1 / state.spread2
    empty = seen + prior <= 0  # no answers and a flat prior
    x = data.per_item(weights * pull) / np.where(empty, 1.0, seen + prior)
    return replace(state, x=x, var_x=1 / np.where(empty, 1.0, INFORMATION * seen + prior))


def _recentred(state: State, data: Answers) -> State:
    """The mean of the answered items goes into the centre; the spread of items is learned."""
    met = data.per_item() > 0
    shift = float(state.x[met].mean())
    x = np.where(met, state.x - shift, 0.0)
    spread2 = float(((x**2 + state.var_x)[met].sum() + PSEUDO) / (met.sum() + PSEUDO))
    return replace(state, x=x, centre=state.centre + shift, spread2=spread2)


def _variances(state: State, data: Answers) -> State:
    """Noise of workers and difficulty of items, each shrunk towards what is common."""
    squares = _squares(state, data)
    squares *= _outlier_weights(state, data, squares)
    n, active = data.per_worker(), data.per_worker() > 0
    by_worker = data.per_worker(squares / state.difficulty[data.item])
    noise = np.maximum((STRENGTH * state.noise_scale + by_worker) / (STRENGTH + n), MIN_NOISE)
    scale = float(1 / np.mean(1 / noise[active]))
    seen = data.per_item()
    met = seen > 0
    difficulty = (STRENGTH + data.per_item(squares / noise[data.worker])) / (STRENGTH + seen)
    difficulty = np.where(met, difficulty / np.exp(np.log(difficulty[met]).mean()), 1.0)
    return replace(state, noise=noise, noise_scale=scale, difficulty=difficulty)


def _log_likelihood(state: State, data: Answers) -> float:
    """Mean log density of the answers under the fitted workers and items."""
    if not len(data.y):
        return 0.0
    scale2 = state.noise[data.worker] * state.difficulty[data.item]
    constant = gammaln((FREEDOM + 1) / 2) - gammaln(FREEDOM / 2) - 0.5 * np.log(FREEDOM * np.pi)
    tail = (FREEDOM + 1) / 2 * np.log1p(_squares(state, data) / (scale2 * FREEDOM))
    return float((constant - 0.5 * np.log(scale2) - tail).mean())
