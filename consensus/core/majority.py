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
    winning label, expected over ties (1/K for a worker without votes)."""
    shares = vote_shares(votes, weights)
    labels = choose(shares)
    best = shares >= shares.max(axis=1, keepdims=True, initial=0) - TIE
    agrees = (best / np.maximum(best.sum(axis=1, keepdims=True), 1))[votes.item_codes, votes.answer_codes]
    right = np.bincount(votes.worker_codes, weights=agrees, minlength=votes.n_workers)
    seen = votes.votes_per_worker
    skills = np.where(seen > 0, right / np.maximum(seen, 1), 1 / max(votes.n_labels, 1))
    return Result(labels, shares, skills, _mean(shares))


def weighted_majority(votes: Votes, n_iter: int = 1) -> Result:
    """Majority weighted by each worker's agreement with it, n_iter times over (once: crowd-kit's Wawa)."""
    result = majority_vote(votes)
    for _ in range(n_iter):
        result = majority_vote(votes, result.skills)
    return result


def vote_shares(votes: Votes, weights: np.ndarray | None = None) -> np.ndarray:
    """(I, K) share of the votes for each label; equal shares where there is no vote (or no weight)."""
    counts = votes.counts if weights is None else _weighted_counts(votes, np.asarray(weights, dtype=float))
    totals = counts.sum(axis=1, keepdims=True)
    equal = 1 / max(votes.n_labels, 1)
    return np.where(totals > 0, counts / np.where(totals > 0, totals, 1), equal)


def tied_items(votes: Votes) -> np.ndarray:
    """(I,) bool: items whose plain majority is shared by several labels."""
    counts = votes.counts
    return (counts == counts.max(axis=1, keepdims=True)).sum(axis=1) > 1


def _weighted_counts(votes: Votes, weights: np.ndarray) -> np.ndarray:
    if weights.shape != (votes.n_workers,) or not np.all(weights >= 0):
        raise ValueError(f"weights must be {votes.n_workers} numbers of at least 0, one a worker.")
    cells = votes.item_codes.astype(np.int64) * votes.n_labels + votes.answer_codes
    flat = np.bincount(cells, weights=weights[votes.worker_codes], minlength=votes.n_items * votes.n_labels)
    return flat.reshape(votes.n_items, votes.n_labels)


def _mean(shares: np.ndarray) -> np.ndarray:
    return shares.mean(axis=0) if len(shares) else np.full(shares.shape[1], 1 / max(shares.shape[1], 1))
