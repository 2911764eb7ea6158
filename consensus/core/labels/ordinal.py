"""Grades: ordered labels, decided with the least expected error on the scale.

Model. Grade k of an item ~ prior; it lies at the position m_k of a line on which the answers' borders are 1/2, 3/2, ...,
K - 3/2. A worker sees it with her own bias and her own noise and answers with the interval she sees it in (ordered logit):

    P(a | k, w) = F((a + 1/2 - m_k - b_w) / s_w) - F((a - 1/2 - m_k - b_w) / s_w),   F logistic, ends open

so neighbouring grades share mass and a worker has two parameters instead of K^2. Her real matrix is Dirichlet with ROW
pseudo-answers a row around that: whoever answers very much may depart from it. Priors: b ~ N(0, beta^2), ln s ~ N(l, sigma^2),
learned from the data (empirical Bayes); m_k ~ k with POSITION pseudo-answers. EM: grades and matrices as in Dawid-Skene, Fisher
scoring for b, s and m. The posteriors are softened and averaged with the vote shares as in auto.py, for the same reason.

Cumulative logits: P. McCullagh, Regression Models for Ordinal Data, JRSS B 42 (1980), doi:10.1111/j.2517-6161.1980.tb01109.x; worker
bias and noise on ordered labels: V. C. Raykar and S. Yu, JMLR 13 (2012). Cost of a pass O(votes K + workers K^2).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy.special import digamma, expit

from .em import Statistics, counts_by_truth, em_pass, statistics_of, tables_by_answer
from .ensemble import one_hot, pool
from .item_types import LABEL_PRIOR
from .result import check_gold, choose, clamp, softmax_rows
from .votes import Votes, check_confusion_size

LOSSES = ("absolute", "squared", "exact")
ROW = 50.0
POSITION = 100.0
FLOOR = 1e-3  # mass spread over all grades: a slip of the finger
WIDTH2 = 0.5  # variance of the first guess of an item's grade around its median answer
SPREAD2 = 0.25  # of biases and log noises before any data, worth PSEUDO workers
PSEUDO = 2.0
NOISE = 0.5
LONGEST_STEP = 0.5
MIN_LOG_NOISE, MAX_LOG_NOISE = -3.0, 3.0


@dataclass(frozen=True, eq=False)
class Grades:
    """grades (I,): codes with the least expected loss, ties to the lower grade; posteriors (I, K); loss: which one;
    expected_loss (I,): in grades (absolute), squared grades or the probability to be wrong.

    bias (W,): how many grades a worker is too high; noise (W,): scale of her logistic error in grades; kappa (W,):
    quadratically weighted kappa of her answers with the posteriors (0: chance; nobody asked: 0). positions (K,): where the
    crowd sees each grade. confusion (W, K, K) as P(answer a | grade k) at [w, k, a], with the most probable grades counted
    as truths (as in auto.py), for publish_tables; pooled (K, K): that of a newcomer; prior (K,).
    """

    grades: np.ndarray
    posteriors: np.ndarray
    loss: str
    expected_loss: np.ndarray
    bias: np.ndarray
    noise: np.ndarray
    kappa: np.ndarray
    positions: np.ndarray
    confusion: np.ndarray
    pooled: np.ndarray
    prior: np.ndarray
    n_iter: int
    converged: bool

    @property
    def confidence(self) -> np.ndarray:
        """(I,) the posterior of the chosen grade."""
        return self.posteriors[np.arange(len(self.grades)), self.grades]


def grade(
    votes: Votes, loss: str = "absolute", *, gold: np.ndarray | None = None, n_iter: int = 60, tol: float = 1e-3
) -> Grades:
    """The labels of the votes are the scale, lowest first; equal steps between grades.

    loss: "absolute" chooses the posterior median, "squared" the grade next to the mean, "exact" the most probable.
    gold: (I,) label codes, -1 = unknown. Stops when the expected counts move by less than tol a vote, or after n_iter
    passes. Raises ValueError for an unknown loss, gold that does not fit and tables that would not fit in memory.
    """
    if loss not in LOSSES:
        raise ValueError(f'loss must be one of {", ".join(LOSSES)}, not "{loss}".')
    gold = check_gold(gold, votes.n_items, votes.n_labels)
    check_confusion_size(votes.n_workers, votes.n_labels)
    posteriors = clamp(_start(votes), gold)
    statistics, model = statistics_of(votes, posteriors), _first_model(votes)
    done, moved = 0, np.inf
    while done < n_iter and moved > tol:
        model = _learn(model, counts_by_truth(statistics.counts, votes.n_labels))
        before = statistics
        tables, prior = _tables(model, statistics)
        statistics = em_pass(votes, tables, prior, gold, out=posteriors).statistics
        moved, done = float(np.abs(statistics.counts - before.counts).sum()) / max(votes.n_votes, 1), done + 1
    return _result(votes, model, clamp(pool(votes, [posteriors], [0.0]), gold), loss, done, moved <= tol)


def decide_grades(posteriors: np.ndarray, loss: str) -> tuple[np.ndarray, np.ndarray]:
    """(grades (I,) int32, expected loss (I,)) that minimise the loss under posteriors (I, K); ties to the lower grade."""
    far = np.abs(np.subtract.outer(np.arange(posteriors.shape[1]), np.arange(posteriors.shape[1]))).astype(float)
    cost = posteriors @ {"absolute": far, "squared": far**2, "exact": (far > 0).astype(float)}[loss]
    grades = choose(-cost)
    return grades, cost[np.arange(len(cost)), grades]


@dataclass(frozen=True, eq=False)
class Model:
    """bias, log_noise (W,); positions (K,); bias_spread2, noise_mean, noise_spread2: learned priors."""

    bias: np.ndarray
    log_noise: np.ndarray
    positions: np.ndarray
    bias_spread2: float = SPREAD2
    noise_mean: float = float(np.log(NOISE))
    noise_spread2: float = SPREAD2


def answer_cells(model: Model) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """P(answer | grade), each (W, K, K) [worker, grade, answer], and its slopes by the position seen and by log noise."""
    n_labels = len(model.positions)
    borders = np.concatenate([[-np.inf], np.arange(n_labels - 1) + 0.5, [np.inf]])
    noise = np.exp(model.log_noise)[:, None, None]
    z = (borders - model.positions[:, None] - model.bias[:, None, None]) / noise
    below = expit(z)
    density = below * (1 - below)
    scaled = np.where(np.isfinite(z), z, 0.0) * density
    chances = (1 - FLOOR) * np.diff(below, axis=2) + FLOOR / n_labels
    return chances, -(1 - FLOOR) * np.diff(density, axis=2) / noise, -(1 - FLOOR) * np.diff(scaled, axis=2)


def _start(votes: Votes) -> np.ndarray:
    """(I, K): a bell around the median answer, which one worker who is far off does not move; items without votes are flat."""
    grades, seen = np.arange(votes.n_labels), votes.votes_per_item[:, None]
    below = np.cumsum(votes.counts, axis=1)
    middle = ((2 * below < seen).sum(axis=1) + (2 * below <= seen).sum(axis=1)) / 2
    posteriors = np.where(seen > 0, -((grades - middle[:, None]) ** 2) / (2 * WIDTH2), 0.0)
    softmax_rows(posteriors)
    return posteriors


def _first_model(votes: Votes) -> Model:
    zeros = np.zeros(votes.n_workers)
    return Model(zeros, zeros + np.log(NOISE), np.arange(votes.n_labels, dtype=float))


def _learn(model: Model, counts: np.ndarray) -> Model:
    """One Fisher scoring step for workers and positions, then the priors; counts (W, K, K) [worker, grade, answer]."""
    chances, by_place, by_noise = answer_cells(model)
    met, ratio = counts.sum(axis=2), counts / chances
    place, noise = (ratio * by_place).sum(axis=2), (ratio * by_noise).sum(axis=2)
    place2, noise2, both = (
        (met * (a * b / chances).sum(axis=2))
        for a, b in ((by_place, by_place), (by_noise, by_noise), (by_place, by_noise))
    )
    g = place.sum(axis=1) - model.bias / model.bias_spread2
    h = noise.sum(axis=1) - (model.log_noise - model.noise_mean) / model.noise_spread2
    a, c = place2.sum(axis=1) + 1 / model.bias_spread2, noise2.sum(axis=1) + 1 / model.noise_spread2
    b = both.sum(axis=1)
    scale = a * c - b**2
    grades = np.arange(len(model.positions))
    ahead = place.sum(axis=0) - POSITION * (model.positions - grades)
    moved = replace(
        model,
        bias=model.bias + _limited((c * g - b * h) / scale),
        log_noise=np.clip(model.log_noise + _limited((a * h - b * g) / scale), MIN_LOG_NOISE, MAX_LOG_NOISE),
        positions=model.positions + _limited(ahead / (place2.sum(axis=0) + POSITION)),
    )
    return _learn_priors(moved, met.sum(axis=1) > 0, c / scale, a / scale)


def _learn_priors(model: Model, active: np.ndarray, var_bias: np.ndarray, var_noise: np.ndarray) -> Model:
    if not active.any():
        return model
    mean, n = float(model.log_noise[active].mean()), active.sum() + PSEUDO
    bias2 = (model.bias**2 + var_bias)[active].sum() + PSEUDO * SPREAD2
    noise2 = ((model.log_noise - mean) ** 2 + var_noise)[active].sum() + PSEUDO * SPREAD2
    return replace(
        model,
        log_noise=np.where(active, model.log_noise, mean),
        bias_spread2=float(bias2 / n),
        noise_mean=mean,
        noise_spread2=float(noise2 / n),
    )


def _limited(step: np.ndarray) -> np.ndarray:
    return np.clip(step, -LONGEST_STEP, LONGEST_STEP)


def _tables(model: Model, statistics: Statistics) -> tuple[np.ndarray, np.ndarray]:
    """Log tables and log prior for em_pass: expected logs under the Dirichlet posteriors."""
    counts = counts_by_truth(statistics.counts, len(model.positions))
    rows = counts + ROW * answer_cells(model)[0]
    totals = statistics.totals + LABEL_PRIOR
    tables = digamma(rows) - digamma(rows.sum(axis=2, keepdims=True))
    return tables_by_answer(tables), digamma(totals) - digamma(totals.sum())


def _result(votes: Votes, model: Model, posteriors: np.ndarray, loss: str, n_iter: int, converged: bool) -> Grades:
    statistics = statistics_of(votes, posteriors)
    counts = counts_by_truth(statistics.counts, votes.n_labels)
    chosen = statistics_of(votes, one_hot(posteriors))
    rows = counts_by_truth(chosen.counts, votes.n_labels) + ROW * answer_cells(model)[0]
    totals = chosen.totals + LABEL_PRIOR
    grades, expected_loss = decide_grades(posteriors, loss)
    return Grades(
        grades=grades,
        posteriors=posteriors,
        loss=loss,
        expected_loss=expected_loss,
        bias=model.bias,
        noise=np.exp(model.log_noise),
        kappa=weighted_kappas(counts),
        positions=model.positions,
        confusion=rows / rows.sum(axis=2, keepdims=True),
        pooled=_pooled(model),
        prior=totals / totals.sum(),
        n_iter=n_iter,
        converged=bool(converged),
    )


def _pooled(model: Model) -> np.ndarray:
    """(K, K): a worker without bias and with the crowd's noise."""
    newcomer = replace(model, bias=np.zeros(1), log_noise=np.array([model.noise_mean]))
    cells = answer_cells(newcomer)[0][0]
    return cells / cells.sum(axis=1, keepdims=True)


def weighted_kappas(counts: np.ndarray) -> np.ndarray:
    """(W,) quadratically weighted kappas from counts (W, K, K) [worker, grade, answer]; without disagreement expected by
    chance 1 if the worker had answers, else 0. J. Cohen, Weighted kappa (1968), doi:10.1037/h0026256."""
    grades = np.arange(counts.shape[1])
    far = np.subtract.outer(grades, grades).astype(float) ** 2
    n = counts.sum(axis=(1, 2))
    observed = (far * counts).sum(axis=(1, 2))
    chance = np.einsum("wk,ka,wa->w", counts.sum(axis=2), far, counts.sum(axis=1)) / np.where(n > 0, n, 1.0)
    flat = chance <= 1e-12 * np.maximum(n, 1)
    return np.where(flat, np.where(n > 0, 1.0, 0.0), 1 - observed / np.where(flat, 1.0, chance))
