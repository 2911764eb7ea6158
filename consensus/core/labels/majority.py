"""Majority vote and its weighted form.

posterior[i, k] = (weighted) share of the votes on item i that name label k; an item without votes gets equal shares.
Ties go to the lowest label code; measures.py reports ties by their expectation instead.
"""

from __future__ import annotations

import numpy as np

from .result import Result, choose
from .votes import Votes

TIE = 1e-9


def majority_vote(votes: Votes, weights: np.ndarray | None = None) -> Result:
    """weights: (W,) non-negative worker weights, default 1 each. skills = share of a worker's votes that agree with the
    winning label, expected over ties (1/K for a worker without votes). ValueError for weights that are anything else."""
    shares = vote_shares(votes, weights)
    best = shares >= shares.max(axis=1, keepdims=True, initial=0) - TIE
    labels = best.argmax(axis=1).astype(np.int32) if best.size else choose(shares)
    each = 1 / np.maximum(np.einsum("ik->i", best, dtype=np.int64), 1)
    cells = votes.item_codes * np.int64(votes.n_labels) + votes.answer_codes
    agrees = best.ravel().take(cells) * each.take(votes.item_codes)
    right = np.bincount(votes.worker_codes, weights=agrees, minlength=votes.n_workers)
    seen = votes.votes_per_worker
    skills = np.where(seen > 0, right / np.maximum(seen, 1), 1 / max(votes.n_labels, 1))
    return Result(labels, shares, skills, _mean(shares))


def weighted_majority(votes: Votes, n_iter: int = 1) -> Result:
    """Majority weighted by each worker's agreement with it, n_iter times over (once: Wawa, worker agreement with aggregate,
    as in D. Ustalov, N. Pavlichenko, B. Tseitlin, Learning from Crowds with Crowd-Kit, JOSS 9 (2024), doi:10.21105/joss.06227)."""
    result = majority_vote(votes)
    for _ in range(n_iter):
        result = majority_vote(votes, result.skills)
    return result


def vote_shares(votes: Votes, weights: np.ndarray | None = None) -> np.ndarray:
    """(I, K) share of the votes for each label; equal shares where there is no vote (or no weight)."""
    shares = votes.count_labels(None if weights is None else _checked(votes, np.asarray(weights, dtype=float)))
    totals = np.einsum("ik->i", shares)
    empty = totals <= 0
    shares /= np.where(empty, 1, totals)[:, None]
    shares[empty] = 1 / max(votes.n_labels, 1)
    return shares


def tied_items(votes: Votes) -> np.ndarray:
    """(I,) bool: items whose plain majority is shared by several labels."""
    counts = votes.counts
    return (counts == counts.max(axis=1, keepdims=True)).sum(axis=1) > 1


def _checked(votes: Votes, weights: np.ndarray) -> np.ndarray:
    if weights.shape != (votes.n_workers,) or not np.all((weights >= 0) & (weights < np.inf)):
        raise ValueError(f"weights must be {votes.n_workers} finite numbers of at least 0, one a worker.")
    return weights


def _mean(shares: np.ndarray) -> np.ndarray:
    return (
        np.einsum("ik->k", shares) / len(shares)
        if len(shares)
        else np.full(shares.shape[1], 1 / max(shares.shape[1], 1))
    )
