"""Dawid-Skene: every worker has a full confusion matrix; maximum likelihood by EM from majority vote.

Model: truth t_i ~ prior; answer a_iw ~ confusion[w, t_i, :], independent given the truth.
A. P. Dawid and A. M. Skene, Maximum Likelihood Estimation of Observer Error-Rates Using the EM Algorithm,
Applied Statistics 28 (1979), doi:10.2307/2346806. Clips, stop rule and number of iterations are those of crowd-kit's
DawidSkene, so that posteriors agree to 1e-9. Maximum likelihood is over-confident and can collapse when workers have
few votes: `learn_skills` and `auto` are the methods to decide with.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass

import numpy as np

from .em import Statistics, counts_by_truth, em_pass, run_fit, statistics_of
from .majority import vote_shares
from .result import Result, check_gold, check_passes, choose, clamp
from .votes import Votes

CLIP = 1e-10


def dawid_skene(votes: Votes, n_iter: int = 100, tol: float = 1e-5, gold: np.ndarray | None = None) -> Result:
    """EM until the bound per vote rises by less than tol, or n_iter passes. gold: (I,) codes, -1 = unknown.

    The bound is crowd-kit's: expected log-likelihood with the prior once per vote, plus the entropy of the posteriors.
    Raises ValueError when n_iter is below 1, gold does not fit, or a confusion table would not fit in memory.
    """
    check_passes(n_iter)
    gold = check_gold(gold, votes.n_items, votes.n_labels)
    posteriors = clamp(vote_shares(votes), gold)

    def expect(log_tables: np.ndarray, log_prior: np.ndarray) -> Statistics:
        return em_pass(votes, log_tables, log_prior, gold, out=posteriors).statistics

    wanted = fit_dawid_skene(statistics_of(votes, posteriors), votes.n_labels, votes.n_votes, n_iter, tol)
    fit = run_fit(wanted, expect)
    prior, confusion = _prior(fit.statistics.totals), confusion_of(fit.statistics.counts, votes.n_labels)
    skills, labels = skills_of(confusion, prior), choose(posteriors)
    return Result(labels, posteriors, skills, prior, confusion, fit.n_iter, fit.converged, fit.bound)


@dataclass(frozen=True, eq=False)
class DawidSkeneFit:
    """The statistics after the last pass, the log tables and log prior that it used, and the bound per vote."""

    statistics: Statistics
    log_tables: np.ndarray
    log_prior: np.ndarray
    bound: float
    n_iter: int
    converged: bool


def fit_dawid_skene(
    statistics: Statistics,
    n_labels: int,
    n_votes: int,
    n_iter: int,
    tol: float,
) -> Generator[tuple[np.ndarray, np.ndarray], Statistics, DawidSkeneFit]:
    """The iteration itself, over statistics only: it yields (log_tables (W*K, K), log_prior (K,)) of the pass that it wants, and is
    sent its statistics."""
    never = np.flatnonzero(np.einsum("at->a", statistics.counts) <= 0)
    tables, prior = _log_tables(statistics.counts, never, n_labels), np.log(_prior(statistics.totals))
    bound, converged, done = -np.inf, False, 0
    while done < n_iter and not converged:
        used, used_prior = tables, prior
        statistics = yield used, used_prior
        tables, prior = _log_tables(statistics.counts, never, n_labels), np.log(_prior(statistics.totals))
        entropy = statistics.evidence - _dot(statistics.counts, used) - (statistics.totals * used_prior).sum()
        joint = _dot(statistics.counts, tables) + (np.einsum("at->t", statistics.counts) * prior).sum()
        new_bound = float(joint + entropy) / max(n_votes, 1)
        done, converged, bound = done + 1, new_bound - bound < tol, new_bound
    return DawidSkeneFit(statistics, used, used_prior, bound, done, converged)


def confusion_of(counts: np.ndarray, n_labels: int) -> np.ndarray:
    """(W, K, K) P(answer | truth) from (W*K, K) counts; rows of a truth never met by a worker are uniform."""
    table = counts_by_truth(counts, n_labels)
    totals = table.sum(axis=2, keepdims=True)
    return np.where(totals > 0, table / np.where(totals > 0, totals, 1), 1 / max(n_labels, 1))


def skills_of(confusion: np.ndarray, prior: np.ndarray) -> np.ndarray:
    """(W,) probability of a right answer when truths follow the prior."""
    return np.clip(np.einsum("wkk,k->w", confusion, prior), 0, 1)


def _prior(totals: np.ndarray) -> np.ndarray:
    n_items = totals.sum()
    return np.maximum(totals / n_items if n_items > 0 else 1 / max(len(totals), 1), CLIP) * np.ones(len(totals))


def _dot(a: np.ndarray, b: np.ndarray) -> float:
    """Sum of the products, without a table of them."""
    return float(np.einsum("at,at->", a, b))


def _log_tables(counts: np.ndarray, never: np.ndarray, n_labels: int) -> np.ndarray:
    """(W*K, T) logs of the answer probabilities. Rows `never`, answers that their worker never gave, are no outcome: they
    hold 0 and are not read."""
    table = np.maximum(counts, CLIP)
    table[never] = 0
    by_worker = table.reshape(len(table) // max(n_labels, 1), n_labels, table.shape[1])
    totals = np.einsum("wat->wt", by_worker)
    by_worker /= np.where(totals > 0, totals, 1)[:, None]
    table[never] = 1
    return np.log(table, out=table)
