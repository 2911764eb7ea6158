"""GLAD: worker ability times item easiness.

Model: t_i uniform; a_iw = t_i with probability sigma(alpha_w exp(beta_i)), else any other label alike; alpha_w ~ N(1, 1),
beta_i ~ N(1, 1). EM; the M step climbs by conjugate gradients, as in crowd-kit, with which posteriors agree.
J. Whitehill, P. Ruvolo, T. Wu, J. Bergsma, J. Movellan, Whose Vote Should Count More, NIPS 2009.
Cost O(votes) an evaluation, whatever the number of labels (see cells.py).
"""

from __future__ import annotations

import numpy as np
from scipy.optimize import minimize
from scipy.special import expit

from .cells import Cells, make_cells
from .result import Result, choose
from .votes import Votes


def glad(votes: Votes, n_iter: int = 100, tol: float = 1e-5, m_step_iter: int = 25, m_step_tol: float = 1e-2) -> Result:
    """Until the expected log-likelihood per vote and label rises by less than tol. skills: sigma(alpha_w e^mean(beta))."""
    cells = make_cells(votes)
    point = np.ones(votes.n_workers + votes.n_items)
    last, done, converged = -np.inf, 0, False
    while done < n_iter and not converged and votes.n_votes:
        belief = _expect(votes, cells, point)
        right = belief[cells.of_vote]
        options = {"maxiter": m_step_iter}
        step = minimize(_loss, point, (votes, right), "CG", jac=True, tol=m_step_tol, options=options)
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


def _loss(point: np.ndarray, votes: Votes, right: np.ndarray) -> tuple[float, np.ndarray]:
    """Minus the expected log posterior and its gradient; right (N,): P(the vote's label is true)."""
    alpha, beta = point[: votes.n_workers], point[votes.n_workers :]
    easiness = np.exp(beta)[votes.item_codes]
    ability = alpha[votes.worker_codes]
    strength = ability * easiness
    # ln sigma(x) = x - ln(1 + e^x) and ln sigma(-x) = -ln(1 + e^x); one exponential, of -|x|, gives both and sigma(x)
    small = np.exp(-np.abs(strength))
    chance = np.where(strength >= 0, 1.0, small) / (1 + small)
    both = np.maximum(strength, 0) + np.log(1 + small)
    value = float((right * strength - both).sum()) + np.log(max(votes.n_labels - 1, 1)) * float(
        right.sum() - len(right)
    )
    pull = (right - chance) * easiness
    by_worker = np.bincount(votes.worker_codes, weights=pull, minlength=len(alpha))
    by_item = np.bincount(votes.item_codes, weights=pull * ability, minlength=len(beta))
    value -= 0.5 * float(((point - 1) ** 2).sum()) + 0.5 * np.log(2 * np.pi) * len(point)
    return -value, np.concatenate([alpha - 1 - by_worker, beta - 1 - by_item])
