"""MACE: a worker either knows the answer or spams from a label distribution of her own.

Model: t_i uniform; with probability theta_w the answer is t_i, else it is drawn from xi_w. Variational EM with a
Beta(1/2, 1/2) prior on theta_w and a symmetric Dirichlet(10) on xi_w, as in crowd-kit.
D. Hovy, T. Berg-Kirkpatrick, A. Vaswani, E. Hovy, Learning Whom to Trust with MACE, NAACL-HLT 2013, aclanthology N13-1132.

The first start is the vote shares, which draws on no random numbers; `n_restarts` more are drawn from `seed` and the one
with the highest likelihood wins. Cost O(votes) a pass, whatever the number of labels (see cells.py).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import digamma

from .cells import Cells, make_cells
from .result import Result, choose
from .votes import Votes

KNOW_PRIOR = 0.5
STRATEGY_PRIOR = 10.0


@dataclass(frozen=True, eq=False)
class _Workers:
    """know (W,) and spam (W,): the two weights of a worker; strategy (W, K): what she answers when she spams."""

    know: np.ndarray
    spam: np.ndarray
    strategy: np.ndarray


def mace(votes: Votes, n_iter: int = 50, tol: float = 1e-4, n_restarts: int = 0, seed: int = 0) -> Result:
    """At most n_iter passes, or until no posterior moves by more than tol. skills: P(a worker's answer is right)."""
    cells = make_cells(votes)
    rng = np.random.default_rng(seed)
    starts = [_from_shares(votes, cells)] + [_random(votes, rng) for _ in range(n_restarts)]
    fits = [_fit(votes, cells, start, n_iter, tol) for start in starts]
    workers, belief, likelihood, done, moved = max(fits, key=lambda fit: fit[2])
    posteriors = cells.table(belief, votes.n_labels)
    prior = np.full(votes.n_labels, 1 / max(votes.n_labels, 1))
    chance = workers.strategy.sum(axis=1) / max(votes.n_labels, 1)
    skills = (workers.know + workers.spam * chance) / (workers.know + workers.spam * workers.strategy.sum(axis=1))
    return Result(
        choose(posteriors), posteriors, skills, prior, None, done, moved <= tol, likelihood / max(votes.n_votes, 1)
    )


def _fit(votes: Votes, cells: Cells, workers: _Workers, n_iter: int, tol: float):
    belief, done, moved = None, 0, np.inf
    while done < n_iter and moved > tol:
        new, knew, likelihood = _expect(votes, cells, workers)
        moved = np.inf if belief is None else float(np.abs(new - belief).max(initial=0))
        belief, done = new, done + 1
        workers = _maximise(votes, knew)
    belief, _, likelihood = _expect(votes, cells, workers)
    return workers, belief, likelihood, done, moved


def _expect(votes: Votes, cells: Cells, workers: _Workers) -> tuple[np.ndarray, np.ndarray, float]:
    """(belief (C,), knew (N,): P(the worker knew), log-likelihood) under the weights of the workers."""
    by_chance = workers.spam[:, None] * workers.strategy
    if_true = by_chance + workers.know[:, None]
    pairs = votes.worker_codes * np.int64(votes.n_labels) + votes.answer_codes
    scores = cells.sums(np.log(if_true / by_chance).ravel()[pairs])
    belief = cells.probabilities(scores)
    knew = belief[cells.of_vote] * (workers.know[:, None] / if_true).ravel()[pairs]
    likelihood = float(np.log(by_chance).ravel()[pairs].sum() + cells.log_total(scores).sum())
    return belief, knew, likelihood


def _maximise(votes: Votes, knew: np.ndarray) -> _Workers:
    shape = (votes.n_workers, votes.n_labels)
    pairs = votes.worker_codes * np.int64(votes.n_labels) + votes.answer_codes
    spammed = np.bincount(pairs, weights=1 - knew, minlength=shape[0] * shape[1]).reshape(shape)
    known = np.bincount(votes.worker_codes, weights=knew, minlength=votes.n_workers)
    both = np.stack([known, spammed.sum(axis=1)], axis=1)
    know, spam = _expected_power(both + KNOW_PRIOR).T
    return _Workers(know, spam, _expected_power(spammed + STRATEGY_PRIOR))


def _expected_power(alpha: np.ndarray) -> np.ndarray:
    """exp(E[ln p]) of a Dirichlet, row by row."""
    return np.exp(digamma(alpha) - digamma(alpha.sum(axis=1, keepdims=True)))


def _from_shares(votes: Votes, cells: Cells) -> _Workers:
    return _maximise(votes, cells.shares()[cells.of_vote])


def _random(votes: Votes, rng: np.random.Generator) -> _Workers:
    know, spam = rng.dirichlet(np.full(2, 5.0), votes.n_workers).T
    return _Workers(know, spam, rng.dirichlet(np.full(votes.n_labels, 5.0), votes.n_workers))
