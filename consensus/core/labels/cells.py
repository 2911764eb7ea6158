"""Cells: the (item, answer) pairs that occur. Models that treat all wrong labels alike need no (items x labels) table.

A label that nobody gave to an item has score 0 there, so an item's posterior is known from its cells alone and a pass
costs O(votes) whatever the number of labels.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .votes import Votes


@dataclass(frozen=True, eq=False)
class Cells:
    """of_vote (N,): the cell of each vote; item, answer (C,): codes of each cell, sorted; unseen (I,): labels without a
    vote on the item; starts (D,): first cell of each item that has votes, and voted (D,): those items."""

    of_vote: np.ndarray
    item: np.ndarray
    answer: np.ndarray
    unseen: np.ndarray
    starts: np.ndarray
    voted: np.ndarray

    def sums(self, weights: np.ndarray) -> np.ndarray:
        """(C,) sum of per-vote weights (N,) in each cell."""
        return np.bincount(self.of_vote, weights=weights, minlength=len(self.item))

    def shares(self) -> np.ndarray:
        """(C,) vote share of the cell's label on its item."""
        counts = np.bincount(self.of_vote, minlength=len(self.item))
        totals = np.bincount(self.item, weights=counts, minlength=len(self.unseen))
        return counts / totals[self.item]

    def probabilities(self, scores: np.ndarray) -> np.ndarray:
        """(C,) softmax over all labels of the item, where labels without a vote score 0."""
        best = np.zeros(len(self.unseen))
        if len(self.starts):
            best[self.voted] = np.maximum(np.maximum.reduceat(scores, self.starts), 0)
        powers = np.exp(scores - best[self.item])
        totals = np.bincount(self.item, weights=powers, minlength=len(best)) + self.unseen * np.exp(-best)
        return powers / totals[self.item]

    def log_total(self, scores: np.ndarray) -> np.ndarray:
        """(I,) log of the sum over all labels of exp(score)."""
        best = np.zeros(len(self.unseen))
        if len(self.starts):
            best[self.voted] = np.maximum(np.maximum.reduceat(scores, self.starts), 0)
        powers = np.exp(scores - best[self.item])
        totals = np.bincount(self.item, weights=powers, minlength=len(best)) + self.unseen * np.exp(-best)
        return best + np.log(totals)

    def table(self, probabilities: np.ndarray, n_labels: int) -> np.ndarray:
        """(I, K) posteriors from those of the cells; labels without a vote share what is left."""
        left = 1 - np.bincount(self.item, weights=probabilities, minlength=len(self.unseen))
        rest = np.clip(left, 0, 1) / np.maximum(self.unseen, 1)
        table = np.repeat(rest[:, None], n_labels, axis=1)
        table[self.item, self.answer] = probabilities
        return table / table.sum(axis=1, keepdims=True) if n_labels else table


def make_cells(votes: Votes) -> Cells:
    """The cells that have votes: linear in the votes where a dense table would be large."""
    keys = votes.item_codes.astype(np.int64) * votes.n_labels + votes.answer_codes
    if votes.n_items * votes.n_labels <= 8 * votes.n_votes + 1024:
        seen = np.bincount(keys, minlength=votes.n_items * votes.n_labels) > 0
        cells, of_vote = np.flatnonzero(seen), (np.cumsum(seen) - 1)[keys]
    else:
        cells, of_vote = np.unique(keys, return_inverse=True)
    item, answer = cells // max(votes.n_labels, 1), cells % max(votes.n_labels, 1)
    starts = np.flatnonzero(np.diff(item, prepend=-1))
    unseen = votes.n_labels - np.bincount(item, minlength=votes.n_items)
    return Cells(of_vote, item, answer, unseen, starts, item[starts])
