"""Dawid-Skene: every worker has a full confusion matrix; maximum likelihood by EM from majority vote.

Model: truth t_i ~ prior; answer a_iw ~ confusion[w, t_i, :], independent given the truth.
A. P. Dawid and A. M. Skene, Maximum Likelihood Estimation of Observer Error-Rates Using the EM Algorithm,
Applied Statistics 28 (1979), doi:10.2307/2346806. Clips, stop rule and number of iterations are those of crowd-kit's
DawidSkene, so that posteriors agree to 1e-9. Maximum likelihood is over-confident and can collapse when workers have
few votes: `learn_skills` and `auto` are the methods to decide with.
"""

from __future__ import annotations

import numpy as np

from .em import em_pass, expected_counts
from .majority import vote_shares
from .result import Result, check_gold, choose, clamp
from .votes import Votes

CLIP = 1e-10


def dawid_skene(votes: Votes, n_iter: int = 100, tol: float = 1e-5, gold: np.ndarray | None = None) -> Result:
    """EM until the bound per vote rises by less than tol, or n_iter passes. gold: (I,) codes, -1 = unknown.

    The bound is crowd-kit's: expected log-likelihood with the prior once per vote, plus the entropy of the posteriors.
    """
    gold = check_gold(gold, votes.n_items, votes.n_labels)
    posteriors = clamp(vote_shares(votes), gold)
    prior = _prior(posteriors)
    log_tables = _log_tables(expected_counts(votes, posteriors), votes)
    bound, converged, done = -np.inf, False, 0
    while done < n_iter and not converged:
        last_tables, last_prior = log_tables, np.log(prior)
        posteriors, counts, evidence = em_pass(votes, log_tables, last_prior, gold, out=posteriors)
        prior = _prior(posteriors)
        log_tables = _log_tables(counts, votes)
        entropy = evidence - (counts * last_tables).sum() - (posteriors.sum(axis=0) * last_prior).sum()
        joint = (counts * log_tables).sum() + (counts.sum(axis=0) * np.log(prior)).sum()
        new_bound = (joint + entropy) / max(votes.n_votes, 1)
        done, converged, bound = done + 1, new_bound - bound < tol, new_bound
    confusion = confusion_of(counts, votes)
    return Result(
        choose(posteriors),
        posteriors,
        skills_of(confusion, prior),
        prior,
        confusion,
        done,
        bool(converged),
        float(bound),
    )


def confusion_of(counts: np.ndarray, votes: Votes) -> np.ndarray:
    """(W, K, K) P(answer | truth) from (W*K, K) counts; rows of a truth never met by a worker are uniform."""
    table = counts.reshape(votes.n_workers, votes.n_labels, votes.n_labels).transpose(0, 2, 1)
    totals = table.sum(axis=2, keepdims=True)
    return np.where(totals > 0, table / np.where(totals > 0, totals, 1), 1 / max(votes.n_labels, 1))


def skills_of(confusion: np.ndarray, prior: np.ndarray) -> np.ndarray:
    """(W,) probability of a right answer when truths follow the prior."""
    return np.clip(np.einsum("wkk,k->w", confusion, prior), 0, 1)


def _prior(posteriors: np.ndarray) -> np.ndarray:
    mean = posteriors.mean(axis=0) if len(posteriors) else np.ones(posteriors.shape[1]) / max(posteriors.shape[1], 1)
    return np.maximum(mean, CLIP)


def _log_tables(counts: np.ndarray, votes: Votes) -> np.ndarray:
    """Log of the answer probabilities over the answers that the worker has given; unseen answers hold 0, never used."""
    shape = (votes.n_workers, votes.n_labels, votes.n_labels)
    table = np.maximum(counts, CLIP).reshape(shape)
    table *= votes.answers_seen[:, :, None]
    totals = table.sum(axis=1, keepdims=True)
    table /= np.where(totals > 0, totals, 1)
    table[~votes.answers_seen] = 1
    return np.log(table, out=table).reshape(counts.shape)
