"""Known items choose between solutions: where most of a crowd is wrong, what its votes say best is the opposite of the truth.

EM climbs to the solution nearest to its start, and the usual start is the vote shares. Known items give another start: the skills that they
alone show, what these say of all other items, and the fit from there. Which is better the known items say too, each predicted by
workers whose answers on it are left out (held_out.py). A crowd of 60 % liars has two solutions of about the same evidence; only this tells
them apart. After J. Whitehill et al., Whose Vote Should Count More, NIPS 2009, where known items tell who is adversarial.
"""

from __future__ import annotations

import numpy as np

from .em import tables_by_answer
from .held_out import counts_of, held_out
from .result import clamp, softmax_rows
from .shrink import shrunk_confusion
from .softening import MIN_GOLD, soft_sums, unlearned
from .votes import Votes


class KnownItems:
    """Of votes, those on items whose label is known: gold (I,) codes, -1 elsewhere; at least MIN_GOLD of them, else `are_enough` is
    False."""

    def __init__(self, votes: Votes, gold: np.ndarray) -> None:
        self.votes, self.gold = votes, gold
        self.items = np.flatnonzero((gold >= 0) & (votes.votes_per_item > 0))
        self.known = votes.select_items(self.items)
        self.truth = gold[self.items]
        self.own = counts_of(self.known, self.truth)

    @property
    def are_enough(self) -> bool:
        """To choose by."""
        return len(self.items) >= MIN_GOLD

    def predicted(self, counts: np.ndarray, prior: np.ndarray) -> float:
        """Mean log probability of the known labels by workers with such counts (W, K, K), each item's own left out; prior (K,)."""
        seen = held_out(self.known, self.truth, prior, counts)
        before = unlearned(self.votes.n_labels)
        said = soft_sums(seen.scores, seen.n_votes, before.power / 1024, before.correlation / 1024)
        return float(np.log(np.maximum(said[np.arange(len(said)), self.truth], 1e-12)).mean())

    def start(self, prior: np.ndarray) -> np.ndarray:
        """(I, K) what the workers say of all items, known by the known items alone; prior (K,)."""
        confusion, _ = shrunk_confusion(self.own)
        scores = self.votes.by_item @ tables_by_answer(np.log(confusion)) + np.log(prior)
        softmax_rows(scores)
        return clamp(scores, self.gold)
