"""GLAD: worker ability times item easiness.

Model: t_i uniform; a_iw = t_i with probability sigma(alpha_w exp(beta_i)), else any other label alike; alpha_w ~ N(1, 1),
beta_i ~ N(1, 1). EM; the M step climbs by conjugate gradients, as in crowd-kit, with which posteriors agree.
J. Whitehill, P. Ruvolo, T. Wu, J. Bergsma, J. Movellan, Whose Vote Should Count More, NIPS 2009.
Cost O(votes) an evaluation, whatever the number of labels (see cells.py).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize
from scipy.special import expit

from .cells import Cells, make_cells
from .result import Result, choose
from .votes import Votes

RUN_VOTES = 2**14


def glad(votes: Votes, n_iter: int = 100, tol: float = 1e-5, m_step_iter: int = 25, m_step_tol: float = 1e-2) -> Result:
    """Until the expected log-likelihood per vote and label rises by less than tol. skills: sigma(alpha_w e^mean(beta))."""
    cells, runs = make_cells(votes), _runs(votes)
    point = np.ones(votes.n_workers + votes.n_items)
    last, done, converged = -np.inf, 0, False
    while done < n_iter and not converged and votes.n_votes:
        belief = _expect(votes, cells, point)
        right = belief[cells.of_vote]
        options = {"maxiter": m_step_iter}
        known = (runs, right, votes.n_workers, np.log(max(votes.n_labels - 1, 1)))
        step = minimize(_loss, point, known, "CG", jac=True, tol=m_step_tol, options=options)
        point, value = step.x, -step.fun / max(votes.n_votes * votes.n_labels, 1)
        converged, last, done = value - last < tol, value, done + 1
    posteriors = cells.table(_expect(votes, cells, point), votes.n_labels)
    easiness = np.exp(point[votes.n_workers :].mean()) if votes.n_items else 1.0
    prior = np.full(votes.n_labels, 1 / max(votes.n_labels, 1))
    return Result(
        choose(posteriors), posteriors, expit(point[: votes.n_workers] * easiness), prior, None, done, converged
    )


def _expect(votes: Votes, cells: Cells, point: np.ndarray) -> np.ndarray:
    """(C,) P(label is true): a vote adds alpha_w exp(beta_i) + ln(K - 1) to its label."""
    return cells.probabilities(cells.sums(_strength(votes, point) + np.log(max(votes.n_labels - 1, 1))))


def _strength(votes: Votes, point: np.ndarray) -> np.ndarray:
    easiness = np.exp(point[votes.n_workers :])
    return point[votes.worker_codes] * easiness[votes.item_codes]


@dataclass(frozen=True, eq=False)
class _Run:
    """Some votes in a row: rows; worker (n,) codes; item (n,) codes counted from the first, all of the type that numpy indexes by."""

    rows: slice
    worker: np.ndarray
    item: np.ndarray
    items: slice


def _runs(votes: Votes) -> list[_Run]:
    """The votes in runs whose temporary arrays, a dozen for each evaluation, stay in the cache."""
    runs = []
    for low in range(0, votes.n_votes, RUN_VOTES):
        rows = slice(low, min(low + RUN_VOTES, votes.n_votes))
        item = votes.item_codes[rows].astype(np.intp)
        items = slice(int(item[0]), int(item[-1]) + 1)
        runs.append(_Run(rows, votes.worker_codes[rows].astype(np.intp), item - items.start, items))
    return runs


def _loss(
    point: np.ndarray, runs: list[_Run], right: np.ndarray, n_workers: int, odds: float
) -> tuple[float, np.ndarray]:
    """Minus the expected log posterior and its gradient; right (N,): P(the vote's label is true); odds: ln(K - 1)."""
    alpha, beta = point[:n_workers], point[n_workers:]
    easiness, gradient = np.exp(beta), point - 1
    value = (
        odds * float(right.sum() - len(right)) - 0.5 * float((gradient**2).sum()) - 0.5 * np.log(2 * np.pi) * len(point)
    )
    for run in runs:
        ease, ability, true = easiness[run.items].take(run.item), alpha.take(run.worker), right[run.rows]
        strength = ability * ease
        # ln sigma(x) = x - ln(1 + e^x) and ln sigma(-x) = -ln(1 + e^x); one exponential, of -|x|, gives both and sigma(x)
        small = np.exp(-np.abs(strength))
        value += float((true * strength - np.maximum(strength, 0) - np.log1p(small)).sum())
        ease *= true - np.where(strength >= 0, 1.0, small) / (1 + small)
        gradient[:n_workers] -= np.bincount(run.worker, weights=ease, minlength=n_workers)
        gradient[n_workers:][run.items] -= np.bincount(run.item, weights=ease * ability)
    return -value, gradient
