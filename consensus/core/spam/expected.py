"""What the other workers lead one to expect of each single vote: the leave-one-out view that all tests here share.

The truth of an item as seen by everybody but this vote: log-linear in the shrunk confusion matrices (result.py, shrink.py),
gold clamped. It is surer than it should be, votes on one item being correlated; but all matrices here are learned against this
same view, and so know how often the others are wrong. A test of a worker never leans on a truth that she voted for herself.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy.special import softmax

from ..labels.em import counts_by_truth, tables_by_answer
from ..labels.ensemble import auto
from ..labels.result import Result, clamp
from ..labels.shrink import shrunk_confusion
from ..labels.votes import Votes, check_confusion_size

BLOCK = 1 << 16  # votes (or pairs of votes) looked at together: bounds the memory


@dataclass(frozen=True, eq=False)
class Expected:
    """Per vote (N,): right, P(her answer is true); typical, P(a typical worker gives this answer here); own, P(she gives it,
    by her own confusion matrix); typical_right, P(a typical worker is right here); others: votes of others on the item.

    posteriors (I, K): the truth as `auto` has it. tables (W*K, K) and scores (I, K): the log-linear model. confusion (W, K, K)
    and crowd (K, K): her and the typical worker's matrix as the others see it; marginal (K,): how often each label is given.
    alike, spread (W,): the mean and the variance of sum(right) if her answers came in any other order.
    """

    votes: Votes
    posteriors: np.ndarray
    gold: np.ndarray | None
    tables: np.ndarray
    scores: np.ndarray
    confusion: np.ndarray
    crowd: np.ndarray
    marginal: np.ndarray
    right: np.ndarray
    typical: np.ndarray
    own: np.ndarray
    typical_right: np.ndarray
    others: np.ndarray
    alike: np.ndarray
    spread: np.ndarray

    def looks(self) -> Iterator[tuple[slice, np.ndarray]]:
        """(rows, truth (n, K) without each of these votes), block by block."""
        for lo in range(0, self.votes.n_votes, BLOCK):
            rows = slice(lo, min(lo + BLOCK, self.votes.n_votes))
            yield rows, self.without(rows)

    def without(self, rows: slice) -> np.ndarray:
        """(n, K) the truth of the items of these votes, each without that vote."""
        items = self.votes.item_codes[rows]
        scores = self.scores[items] - self.tables[cells_of(self.votes)[rows]]
        return clamp(softmax(scores, axis=1), None if self.gold is None else self.gold[items])


def expect(votes: Votes, gold: np.ndarray | None = None, fit: Result | None = None) -> Expected:
    """gold: (I,) label codes, -1 = unknown; fit: the result of `auto` on these votes, when it is known already. ValueError for a fit
    without confusions, and for more labels than tables can be had for."""
    check_confusion_size(votes.n_workers, votes.n_labels)
    fit = auto(votes, gold=gold) if fit is None else fit
    if fit.confusion is None:
        raise ValueError("fit must have a confusion matrix for every worker; leave it out to have it made.")
    tables = tables_by_answer(np.log(fit.confusion))
    scores = votes.by_item @ tables + np.log(np.maximum(fit.prior, 1e-300))
    n, empty = votes.n_votes, np.zeros
    given = np.bincount(votes.answer_codes, minlength=votes.n_labels) + 1.0
    expected = Expected(
        votes, fit.posteriors, gold, tables, scores, np.zeros_like(fit.confusion), np.eye(votes.n_labels),
        given / given.sum(), empty(n), empty(n), empty(n), empty(n), votes.votes_per_item[votes.item_codes] - 1,
        empty(votes.n_workers), empty(votes.n_workers),
    )  # fmt: skip
    expected.confusion[:], expected.crowd[:] = _confusions(expected)
    _fill(expected)
    return expected


def cells_of(votes: Votes) -> np.ndarray:
    """(N,) row of tables of each vote."""
    return votes.worker_codes.astype(np.int64) * votes.n_labels + votes.answer_codes


def answer_counts(votes: Votes) -> np.ndarray:
    """(W, K) how often each worker gave each answer."""
    shape = (votes.n_workers, votes.n_labels)
    return np.bincount(cells_of(votes), minlength=shape[0] * shape[1]).reshape(shape)


def _confusions(expected: Expected) -> tuple[np.ndarray, np.ndarray]:
    """Matrices of every worker and of the typical one, each vote counted against the truth that the others see. Against the
    decisions, which her own vote moved, a strong worker would seem never to be wrong, and any error of hers too telling."""
    votes = expected.votes
    counts = np.zeros(expected.tables.shape)
    for rows, truth in expected.looks():
        np.add.at(counts, cells_of(votes)[rows], truth)
    confusion, base = shrunk_confusion(counts_by_truth(counts, votes.n_labels))
    return confusion, base.crowd


def _fill(expected: Expected) -> None:
    votes, confusion = expected.votes, expected.confusion
    answers = answer_counts(votes)
    seen = np.maximum(votes.votes_per_worker, 1)
    truths, squares, rows_squared = np.zeros(answers.shape), np.zeros(answers.shape), np.zeros(votes.n_workers)
    for rows, truth in expected.looks():
        worker, answer = votes.worker_codes[rows], votes.answer_codes[rows]
        at = np.arange(len(answer))
        typical = truth @ expected.crowd
        expected.right[rows], expected.typical[rows] = truth[at, answer], typical[at, answer]
        expected.own[rows] = np.einsum("nk,nk->n", truth, confusion[worker, :, answer])
        expected.typical_right[rows] = np.einsum("nk,nk->n", truth, typical)
        np.add.at(truths, worker, truth)
        np.add.at(squares, worker, truth**2)
        mean = np.einsum("nk,nk->n", truth, answers[worker]) / seen[worker]
        np.add.at(rows_squared, worker, mean**2)
    expected.alike[:] = (answers * truths).sum(axis=1) / seen
    deviations = (answers * squares).sum(axis=1) - seen * rows_squared - (answers * truths**2).sum(axis=1) / seen
    expected.spread[:] = np.maximum(deviations + expected.alike**2, 0) / np.maximum(seen - 1, 1)
