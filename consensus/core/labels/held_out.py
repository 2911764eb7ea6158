"""What each item says without itself: the votes that its own answers predict, with its workers known from all other items.

A worker's matrix counts how she answered under the labels decided, and an item's own decision is one of them: with few answers a
worker, or few votes an item, the item vouches for itself, and every confidence is too high. Here each vote is read by the matrix
that its worker has on the other items: leave one out (M. Stone, Cross-Validatory Choice and Assessment of Statistical Predictions, JRSS B
36 (1974)), in closed form, as the counts less one, with accuracy and base of shrink.py made anew.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .em import counts_by_truth, statistics_of
from .shrink import FLOOR, STRENGTHS, odds, scale_odds, shrunk_base
from .votes import Votes

MAX_CELLS = 4_000_000  # of the matrices, one a vote


@dataclass(frozen=True, eq=False)
class HeldOut:
    """N votes on I items. matrices (N, K, K): P(answer | truth) of the vote's worker on all other items; logs (N, K): of the answer
    that she gave; scores (I, K): the item's prior and votes; item_codes (N,); n_votes (I,)."""

    matrices: np.ndarray
    logs: np.ndarray
    scores: np.ndarray
    item_codes: np.ndarray
    answer_codes: np.ndarray
    n_votes: np.ndarray


def counts_of(votes: Votes, labels: np.ndarray) -> np.ndarray:
    """(W, K, K) answers by worker, decided label (I,) and answer."""
    return counts_by_truth(statistics_of(votes, np.eye(votes.n_labels)[labels]).counts, votes.n_labels)


def held_out(votes: Votes, labels: np.ndarray, prior: np.ndarray, counts: np.ndarray) -> HeldOut:
    """labels (I,): the codes decided, known truths among them; prior (K,) label shares; counts (W, K, K) over all items, also those
    that are not among these."""
    matrices = _without_own_item(votes, labels, counts)
    logs = np.log(matrices[np.arange(votes.n_votes), :, votes.answer_codes])
    scores = np.tile(np.log(prior), (votes.n_items, 1))
    np.add.at(scores, votes.item_codes, logs)
    return HeldOut(matrices, logs, scores, votes.item_codes, votes.answer_codes, votes.votes_per_item)


def most_votes(n_labels: int) -> int:
    """So many are looked at."""
    return MAX_CELLS // n_labels**2


def sampled(votes: Votes, first: np.ndarray) -> np.ndarray:
    """Codes of items whose matrices fit into MAX_CELLS: those where `first` (I,) holds, then evenly spread over the others."""
    most = most_votes(votes.n_labels)
    if votes.n_votes <= most:
        return np.arange(votes.n_items)
    order = np.argsort(~first, kind="stable")
    n_first = int(first.sum())
    rest = order[n_first:]
    step = max(1, -(-votes.n_votes // max(most, 1)))
    order = np.concatenate([order[:n_first], rest[::step]])
    return np.sort(order[np.cumsum(votes.votes_per_item[order]) <= most])


def _without_own_item(votes: Votes, labels: np.ndarray, counts: np.ndarray) -> np.ndarray:
    rows, workers, truths = np.arange(votes.n_votes), votes.worker_codes, labels[votes.item_codes]
    types = np.arange(votes.n_labels)
    crowd = shrunk_base(counts, types).crowd
    diagonal, met = np.diag(crowd), counts.sum(axis=2)
    mean = float(met.sum(axis=0) @ diagonal / max(met.sum(), 1e-9))
    seen = met.sum(axis=1)[workers] - 1
    expected = np.where(seen > 0, ((met @ diagonal)[workers] - diagonal[truths]) / np.maximum(seen, 1), mean)
    right = np.einsum("wkk->w", counts)[workers] - (truths == votes.answer_codes)
    accuracy = (right + STRENGTHS.coin * expected) / (seen + STRENGTHS.coin)
    matrices = STRENGTHS.row * scale_odds(crowd, types, odds(accuracy) / odds(expected)) + counts[workers]
    matrices[rows, truths, votes.answer_codes] -= 1
    matrices /= matrices.sum(axis=2, keepdims=True)
    floor = min(FLOOR, 0.1 / votes.n_labels)
    return matrices * (1 - floor * votes.n_labels) + floor
