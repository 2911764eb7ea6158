"""Hierarchical Dawid-Skene with item types: workers err together on the same hard items.

Model: label k of an item ~ tau; its type m of M ~ pi_k ("clear" to "disputed"); answer of worker w ~ v[w, (k, m), :], with
v[w, (k, m)] ~ Dirichlet(row * base[w, (k, m)]), where the base is fitted to the data (shrink.py). Given the type the votes
are independent, given the label alone they are not. Mean-field variational Bayes for v, pi and tau; the bases are set
to their moment estimates in every pass (empirical Bayes). The item's vote shares weigh in like `anchor` votes, which holds
few votes near the majority. Start: binomial thinning of the vote shares, no random numbers, so relabelling permutes the
result. n_types=1 is the hierarchical (shrunk) Dawid-Skene.

Types after Y. Li, B. I. P. Rubinstein and T. Cohn, Exploiting Worker Correlation for Label Aggregation in Crowdsourcing
(EBCC), ICML 2019, PMLR 97; the hierarchy, the start and the anchor are ours.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import comb

import numpy as np
from scipy.special import digamma, gammaln

from .em import counts_by_truth, em_pass, expected_counts, tables_by_answer
from .majority import vote_shares
from .result import Result, check_gold, choose, clamp
from .shrink import STRENGTHS, Base, Strengths, shrunk_base, shrunk_confusion
from .votes import Votes, check_confusion_size

LABEL_PRIOR = 1.0  # pseudo-items per label
TYPE_PRIOR = 1.0  # pseudo-items per label, shared by its types


@dataclass(frozen=True, eq=False)
class _Step:
    """What one M step gives: log tables and log prior for em_pass, and the divergence of its posteriors from the prior."""

    tables: np.ndarray
    prior: np.ndarray
    base: Base
    pseudo: np.ndarray
    rows: np.ndarray


def item_types(
    votes: Votes,
    n_types: int = 3,
    *,
    gold: np.ndarray | None = None,
    history: np.ndarray | None = None,
    start: np.ndarray | None = None,
    n_iter: int = 60,
    tol: float = 1e-3,
    strengths: Strengths = STRENGTHS,
    anchor: float = 0.5,
) -> Result:
    """Until an item's posterior moves by less than tol on average, at most n_iter passes.

    gold: (I,) label codes, -1 = unknown; history: (W, K, K) counts [worker, truth, answer] of earlier work; start: (I, K)
    posteriors to begin with. Result.log_likelihood is the evidence lower bound per vote. Raises ValueError when the
    confusion tables would not fit.
    """
    gold = check_gold(gold, votes.n_items, votes.n_labels)
    check_confusion_size(votes.n_workers * n_types, votes.n_labels)
    shares = vote_shares(votes)
    responsibilities = _split(shares if start is None else start, shares, n_types)
    counts = expected_counts(votes, clamp(responsibilities, gold, n_types))
    history = None if history is None else np.repeat(history / n_types, n_types, axis=1)
    offsets = anchor * np.log((votes.counts + 1) / (votes.votes_per_item[:, None] + votes.n_labels)) if anchor else None
    done, moved, evidence = 0, np.inf, 0.0
    while done < n_iter and moved > tol:
        by_type = responsibilities.sum(axis=0).reshape(votes.n_labels, n_types)
        step = _maximise(counts_by_truth(counts, votes), by_type, history, strengths)
        last_counts = counts
        new, counts, evidence = em_pass(votes, step.tables, step.prior, gold, offsets=offsets)
        moved = float(np.abs(new - responsibilities).sum() / max(len(new), 1))
        responsibilities, done = new, done + 1
    bound = evidence + _divergence(step, last_counts, by_type) if done else 0.0
    posteriors = responsibilities.reshape(votes.n_items, votes.n_labels, n_types).sum(axis=2)
    return _result(votes, posteriors, done, moved <= tol, bound / max(votes.n_votes, 1))


def _result(votes: Votes, posteriors: np.ndarray, done: int, converged: bool, bound: float) -> Result:
    confusion, base = shrunk_confusion(counts_by_truth(expected_counts(votes, posteriors), votes))
    totals = posteriors.sum(axis=0) + LABEL_PRIOR
    return Result(
        choose(posteriors), posteriors, base.accuracy, totals / totals.sum(), confusion, done, bool(converged), bound
    )


def _split(posteriors: np.ndarray, shares: np.ndarray, n_types: int) -> np.ndarray:
    """(I, K * M): type m of a label gets the binomial chance of m dissents in M - 1 draws from the item's votes."""
    chances = [comb(n_types - 1, m) * shares ** (n_types - 1 - m) * (1 - shares) ** m for m in range(n_types)]
    return (posteriors[:, :, None] * np.stack(chances, axis=2)).reshape(len(posteriors), n_types * shares.shape[1])


def _maximise(counts: np.ndarray, by_type: np.ndarray, history: np.ndarray | None, strengths: Strengths) -> _Step:
    """Variational posteriors of matrices, types and labels from counts (W, T, K) and items per type (K, M)."""
    n_labels, n_types = by_type.shape
    known = counts if history is None else counts + history
    base = shrunk_base(known, np.repeat(np.arange(n_labels), n_types), strengths)
    pseudo = strengths.row * base.worker if history is None else strengths.row * base.worker + history
    rows = counts + pseudo
    tables = digamma(rows) - digamma(rows.sum(axis=2, keepdims=True))
    types, labels = by_type + TYPE_PRIOR / n_types, by_type.sum(axis=1) + LABEL_PRIOR
    prior = digamma(types) - digamma(types.sum(axis=1, keepdims=True))
    prior += (digamma(labels) - digamma(labels.sum()))[:, None]
    return _Step(tables_by_answer(tables), prior.reshape(-1), base, pseudo, rows)


def _divergence(step: _Step, counts: np.ndarray, by_type: np.ndarray) -> float:
    """Minus the Kullback-Leibler divergences of the Dirichlet posteriors from their priors, in nats."""
    n_labels, n_types = by_type.shape
    labels = by_type.sum(axis=1) + LABEL_PRIOR
    prior = step.prior.reshape(by_type.shape)
    total = (_log_beta(step.rows) - _log_beta(step.pseudo)).sum() - float(np.vdot(counts, step.tables))
    total += (_log_beta(by_type + TYPE_PRIOR / n_types) - _log_beta(np.full(by_type.shape, TYPE_PRIOR / n_types))).sum()
    total += _log_beta(labels) - _log_beta(np.full(n_labels, LABEL_PRIOR)) - (by_type * prior).sum()
    return float(total)


def _log_beta(alpha: np.ndarray) -> np.ndarray:
    return gammaln(alpha).sum(axis=-1) - gammaln(alpha.sum(axis=-1))
