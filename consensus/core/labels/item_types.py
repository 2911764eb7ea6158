"""Hierarchical Dawid-Skene with item types: workers err together on the same hard items.

Model: label k of an item ~ tau; its type m of M ~ pi_k ("clear" to "disputed"); answer of worker w ~ v[w, (k, m), :], with
v[w, (k, m)] ~ Dirichlet(row * base[w, (k, m)]), where the base is fitted to the data (shrink.py). Given the type the votes
are independent, given the label alone they are not. Mean-field variational Bayes for v, pi and tau; the bases are set
to their moment estimates in every pass (empirical Bayes). A worker may also be a random clicker, whose answers say nothing and
teach nothing about the crowd (attention.py). The item's vote shares weigh in like `anchor` votes, which holds few votes near the
majority. Start: binomial thinning of the vote shares, no random numbers, so relabelling permutes the
result. n_types=1 is the hierarchical (shrunk) Dawid-Skene.

Types after Y. Li, B. I. P. Rubinstein and T. Cohn, Exploiting Worker Correlation for Label Aggregation in Crowdsourcing
(EBCC), ICML 2019, PMLR 97; the hierarchy, the start and the anchor are ours.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from math import comb

import numpy as np
from scipy.special import digamma, gammaln

from .em import Statistics, counts_by_truth, em_pass, expected_counts, run_fit, statistics_of, tables_by_answer
from .majority import vote_shares
from .result import Result, check_gold, check_history, check_passes, choose, clamp
from .shrink import STRENGTHS, Strengths, shrunk_base, shrunk_confusion
from .spammer_mixture import Attention, attention_of, everybody
from .votes import Votes, check_confusion_size

LABEL_PRIOR = 1.0  # pseudo-items per label
TYPE_PRIOR = 1.0  # pseudo-items per label, shared by its types
DIGITS = 10  # of expected counts
MAX_PASSES = 200  # 5 to 80 are usual; among many clickers types settle late, and a fit cut short weighs too little


@dataclass(frozen=True, eq=False)
class _Step:
    """One M step: log tables and log prior for em_pass; expected (W, T, K), the mean log of every worker's matrix; the pseudo-votes
    (W, T, K) in it, and how far she is believed."""

    tables: np.ndarray
    prior: np.ndarray
    expected: np.ndarray
    pseudo: np.ndarray
    attention: Attention


def item_types(
    votes: Votes,
    n_types: int = 3,
    *,
    gold: np.ndarray | None = None,
    history: np.ndarray | None = None,
    start: np.ndarray | None = None,
    n_iter: int = MAX_PASSES,
    tol: float = 1e-3,
    strengths: Strengths = STRENGTHS,
    anchor: float = 0.5,
    attentive: np.ndarray | None = None,
) -> Result:
    """At most n_iter passes, or until the expected counts move by less than tol a vote.

    gold: (I,) label codes, -1 = unknown; history: (W, K, K) counts [worker, truth, answer] of earlier work; start: (I, K)
    posteriors to begin with; attentive: (W,) probabilities of not being a clicker to begin with, None: clickers are looked for once
    the fit has settled without. Result.log_likelihood is the evidence lower bound per vote. Raises ValueError when the
    confusion tables would not fit in memory, n_iter or n_types is below 1, or gold, history or start does not fit the votes.
    """
    check_passes(n_iter)
    if n_types < 1:
        raise ValueError(f"n_types must be at least 1, not {n_types}.")
    gold = check_gold(gold, votes.n_items, votes.n_labels)
    history = check_history(history, (votes.n_workers, votes.n_labels, votes.n_labels))
    check_confusion_size(votes.n_workers * n_types, votes.n_labels)
    posteriors = start_of_types(votes, n_types, gold, start)
    offsets = offsets_of(votes, anchor)
    begin = statistics_of(votes, posteriors)

    def expect(tables: np.ndarray, prior: np.ndarray) -> Statistics:
        return em_pass(votes, tables, prior, gold, out=posteriors, offsets=offsets).statistics

    shape = (votes.n_labels, n_types)
    wanted = fit_types(begin, shape, votes.n_votes, history, n_iter, tol, strengths, attentive)
    fit = run_fit(wanted, expect)
    return _result(votes, sum_types(posteriors, n_types), fit)


@dataclass(frozen=True, eq=False)
class TypesFit:
    """tables (W*K, T) and prior (T,) for em_pass, in logs; bound: the evidence lower bound per vote; attentive (W,): how surely each
    worker is no random clicker; None: not looked for yet."""

    tables: np.ndarray
    prior: np.ndarray
    bound: float
    n_iter: int
    converged: bool
    attentive: np.ndarray | None


def fit_types(
    statistics: Statistics,
    shape: tuple[int, int],
    n_votes: int,
    history: np.ndarray | None,
    n_iter: int,
    tol: float,
    strengths: Strengths = STRENGTHS,
    attentive: np.ndarray | None = None,
) -> Generator[tuple[np.ndarray, np.ndarray], Statistics, TypesFit]:
    """The iteration itself, over statistics only: it yields the pass that it wants, as (tables (W*K, T), prior (T,)), and is sent
    the pass's statistics, made on one machine or on many shards.

    shape: (K labels, M types). Settled is what moves the expected counts by less than tol a vote: first with all workers taken for
    attentive, then with clickers looked for. attentive (W,): of the pass before, or to begin with where that starts at once.
    """
    history = None if history is None else np.repeat(history / shape[1], shape[1], axis=1)
    done, settled = 0, False
    while not done or (done < n_iter and not settled):
        step = _maximise(statistics, shape, history, strengths, attentive)
        before, statistics = statistics, (yield step.tables, step.prior)
        still = np.abs(statistics.counts - before.counts).sum() <= tol * max(n_votes, 1)
        settled = bool(still and attentive is not None)
        attentive = step.attention.attentive if still or attentive is not None else None
        done += 1
    bound = statistics.evidence + _divergence(step, before, shape)
    return TypesFit(step.tables, step.prior, bound / max(n_votes, 1), done, settled, attentive)


def start_of_types(votes: Votes, n_types: int, gold: np.ndarray | None, start: np.ndarray | None = None) -> np.ndarray:
    """(I, T) responsibilities to begin with, from gold (I,) and start (I, K) or the vote shares; ValueError for a start that
    does not fit."""
    shares = vote_shares(votes)
    if start is not None and np.shape(start) != shares.shape:
        raise ValueError(f"start must hold the shares of {votes.n_labels} labels for each of {votes.n_items} items.")
    return clamp(_split(shares if start is None else start, shares, n_types), gold, n_types)


def offsets_of(votes: Votes, anchor: float) -> np.ndarray | None:
    """(I, K): what the item's vote shares add to the score of every label."""
    return anchor * np.log((votes.counts + 1) / (votes.votes_per_item[:, None] + votes.n_labels)) if anchor else None


def _result(votes: Votes, posteriors: np.ndarray, fit: TypesFit) -> Result:
    confusion, base = shrunk_confusion(counts_by_truth(expected_counts(votes, posteriors), votes.n_labels))
    totals = posteriors.sum(axis=0) + LABEL_PRIOR
    prior = totals / totals.sum()
    labels = choose(posteriors)
    return Result(labels, posteriors, base.accuracy, prior, confusion, fit.n_iter, fit.converged, fit.bound)


def sum_types(posteriors: np.ndarray, n_types: int) -> np.ndarray:
    """(I, K) from (I, K * M)."""
    if n_types == 1:
        return posteriors
    total = posteriors[:, ::n_types].copy()
    for kind in range(1, n_types):
        total += posteriors[:, kind::n_types]
    return total


def _split(posteriors: np.ndarray, shares: np.ndarray, n_types: int) -> np.ndarray:
    """(I, K * M): type m of a label gets the binomial chance of m dissents in M - 1 draws from the item's votes."""
    split = np.empty((len(posteriors), posteriors.shape[1] * n_types))
    for m in range(n_types):
        chance = comb(n_types - 1, m) * shares ** (n_types - 1 - m) * (1 - shares) ** m
        np.multiply(posteriors, chance, out=split[:, m::n_types])
    return split


def _maximise(
    statistics: Statistics,
    shape: tuple[int, int],
    history: np.ndarray | None,
    strengths: Strengths,
    attentive: np.ndarray | None,
) -> _Step:
    """Variational posteriors of matrices, clickers, types and labels.

    From rounded counts: a tie between two labels is a balance on a needle, where one unit in the last place grows by half with
    every pass until it decides.
    """
    n_labels, n_types = shape
    by_type = np.round(statistics.totals, DIGITS).reshape(shape)
    counts = counts_by_truth(np.round(statistics.counts, DIGITS), n_labels)
    known = counts if history is None else counts + history
    base = shrunk_base(known, np.repeat(np.arange(n_labels), n_types), strengths, attentive)
    pseudo = strengths.row * base.worker
    rows = known + pseudo
    attention = everybody(len(counts)) if attentive is None else attention_of(counts, pseudo, history, attentive)
    expected = attention.mixed(digamma(rows) - digamma(rows.sum(axis=2, keepdims=True)))
    types, labels = by_type + TYPE_PRIOR / n_types, by_type.sum(axis=1) + LABEL_PRIOR
    prior = digamma(types) - digamma(types.sum(axis=1, keepdims=True))
    prior += (digamma(labels) - digamma(labels.sum()))[:, None]
    pseudo = pseudo if history is None else pseudo + history
    return _Step(tables_by_answer(expected), prior.reshape(-1), expected, pseudo, attention)


def _divergence(step: _Step, statistics: Statistics, shape: tuple[int, int]) -> float:
    """Minus the Kullback-Leibler divergences of all posteriors but the items' from their priors, in nats."""
    (n_labels, n_types), by_type = shape, statistics.totals.reshape(shape)
    labels = by_type.sum(axis=1) + LABEL_PRIOR
    prior = step.prior.reshape(by_type.shape)
    counts = counts_by_truth(statistics.counts, n_labels)
    total = step.attention.evidence(counts, step.pseudo) - (counts * step.expected).sum()
    total += (_log_beta(by_type + TYPE_PRIOR / n_types) - _log_beta(np.full(by_type.shape, TYPE_PRIOR / n_types))).sum()
    total += _log_beta(labels) - _log_beta(np.full(n_labels, LABEL_PRIOR)) - (by_type * prior).sum()
    return float(total)


def _log_beta(alpha: np.ndarray) -> np.ndarray:
    return gammaln(alpha).sum(axis=-1) - gammaln(alpha.sum(axis=-1))
