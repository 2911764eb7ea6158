"""learn_skills: what is known of the workers; a shrunk Dawid-Skene by EM, with gold, history and warm start."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np

from .em import em_pass, expected_counts
from .majority import vote_shares
from .result import Result, check_gold, choose, clamp, softmax_rows
from .shrink import pooled_confusion, shrink, worker_accuracy, worker_base
from .votes import Votes

COIN_STRENGTH = 8.0
ROW_STRENGTH = 8.0
CROWD_STRENGTH = 10.0
PRIOR_STRENGTH = 1.0


@dataclass(frozen=True, eq=False)
class Skills:
    """confusion (W, K, K): P(answer a | truth k) at [w, k, a]; accuracy (W,): shrunk overall skill; pooled (K, K): the
    crowd, used for anybody unknown; prior (K,): label shares; worker_ids (W,) and labels (K,) name the axes; posteriors
    (I, K) of the votes learned from."""

    confusion: np.ndarray
    accuracy: np.ndarray
    pooled: np.ndarray
    prior: np.ndarray
    worker_ids: np.ndarray
    labels: np.ndarray
    posteriors: np.ndarray
    n_iter: int
    converged: bool

    def confusion_for(self, worker_ids: Sequence[Hashable]) -> np.ndarray:
        """(len(worker_ids), K, K): the matrices of these workers in this order; a stranger gets the crowd's."""
        row_of = {worker: row for row, worker in enumerate(self.worker_ids.tolist())}
        rows = [row_of.get(worker, -1) for worker in worker_ids]
        return np.concatenate([self.confusion, self.pooled[None]])[rows]

    def result(self) -> Result:
        """The same fit as a Result: decisions by these skills."""
        return Result(
            choose(self.posteriors),
            self.posteriors,
            self.accuracy,
            self.prior,
            self.confusion,
            self.n_iter,
            self.converged,
        )


def learn_skills(
    votes: Votes,
    *,
    gold: np.ndarray | None = None,
    history: np.ndarray | None = None,
    warm_start: Skills | None = None,
    n_iter: int = 50,
    tol: float = 1e-4,
) -> Skills:
    """MAP EM until no posterior moves by more than tol.

    gold: (I,) label codes of items with a known truth, -1 elsewhere; these stay clamped.
    history: (W, K, K) counts [worker, truth, answer] from earlier work, added to those of these votes.
    warm_start: earlier Skills with the same labels, matched by worker id; EM starts from them instead of majority vote.
    """
    gold = check_gold(gold, votes.n_items, votes.n_labels)
    history = _check_history(history, votes)
    prior, posteriors = _start(votes, gold, warm_start)
    counts = expected_counts(votes, posteriors)
    done, moved = 0, np.inf
    while done < n_iter and moved > tol:
        confusion, accuracy, pooled = shrunk_confusion(_by_truth(counts, votes) + history)
        new, counts = em_pass(votes, log_tables_of(confusion), np.log(prior), gold)
        moved = float(np.abs(new - posteriors).max(initial=0))
        posteriors, prior, done = new, shrunk_prior(new), done + 1
    confusion, accuracy, pooled = shrunk_confusion(_by_truth(counts, votes) + history)
    return Skills(
        confusion, accuracy, pooled, prior, votes.worker_ids, votes.labels, posteriors, done, bool(moved <= tol)
    )


def shrunk_confusion(counts: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(confusion (W, K, K), accuracy (W,), pooled (K, K)) from counts [worker, truth, answer]; see shrink.py."""
    pooled = pooled_confusion(counts, CROWD_STRENGTH)
    accuracy, expected = worker_accuracy(counts, pooled, COIN_STRENGTH)
    return shrink(counts, worker_base(accuracy, expected, pooled), ROW_STRENGTH), accuracy, pooled


def shrunk_prior(posteriors: np.ndarray) -> np.ndarray:
    """(K,) label shares with PRIOR_STRENGTH pseudo-items per label, never zero."""
    totals = posteriors.sum(axis=0) + PRIOR_STRENGTH
    return totals / totals.sum()


def log_tables_of(confusion: np.ndarray) -> np.ndarray:
    """(W*K, K) log tables for em_pass: row worker * K + answer, column truth."""
    return np.log(confusion).transpose(0, 2, 1).reshape(-1, confusion.shape[1])


def _by_truth(counts: np.ndarray, votes: Votes) -> np.ndarray:
    return counts.reshape(votes.n_workers, votes.n_labels, votes.n_labels).transpose(0, 2, 1)


def _start(votes: Votes, gold: np.ndarray | None, warm_start: Skills | None) -> tuple[np.ndarray, np.ndarray]:
    if warm_start is None:
        posteriors = clamp(vote_shares(votes), gold)
        return shrunk_prior(posteriors), posteriors
    if warm_start.labels.tolist() != votes.labels.tolist():
        raise ValueError("warm_start has other labels than the votes; learn afresh when a project's labels change.")
    tables = log_tables_of(warm_start.confusion_for(votes.worker_ids.tolist()))
    scores = votes.by_item @ tables + np.log(warm_start.prior)
    return warm_start.prior, clamp(softmax_rows(scores), gold)


def _check_history(history: np.ndarray | None, votes: Votes) -> np.ndarray | float:
    if history is None:
        return 0.0
    history = np.asarray(history, dtype=float)
    shape = (votes.n_workers, votes.n_labels, votes.n_labels)
    if history.shape != shape or not np.all(history >= 0):
        raise ValueError(f"history must hold counts of at least 0 in the shape {shape}: worker, truth, answer.")
    return history
