"""Answers one by one: every answer moves its item at once; skills are refreshed in mini-batches.

`add` costs O(K): the answer's row of the worker's log table joins the item's score, so decision and confidence are those
of the integer rule (log-linear), with the skills known now. `refresh` is learn_skills on all answers and new scores for
all items. Called when `is_stale` says so (a tenth more answers), its total work stays linear in the answers; called when
the stream falls silent, stream and batch agree on every item. It starts afresh each time: skills learned from few
answers can be led astray, and a fit that starts from them stays there.
"""

from __future__ import annotations

from array import array
from collections.abc import Hashable, Sequence
from typing import NamedTuple

import numpy as np

from ..answers.correlation import CORRELATION
from ..answers.ids import is_hashable
from .result import choose, softmax_rows
from .shrink import coin_matrix
from .skills import Skills, learn_skills
from .votes import Votes

NEWCOMER = 0.7  # before anything is known a worker is right so often; errors spread evenly


class Standing(NamedTuple):
    """label: code, ties to the lowest; posterior (K,), softened for the number of votes; n_votes so far."""

    label: int
    posterior: np.ndarray
    n_votes: int

    @property
    def expected_error(self) -> float:
        """P(the label is wrong)."""
        return 1 - float(self.posterior[self.label])


class Stream:
    """The answers of one project, growing. Items and workers are any hashable ids; the labels are fixed."""

    def __init__(self, labels: Sequence[Hashable], skills: Skills | None = None, growth: float = 0.1) -> None:
        """skills: what is known already, of the same labels; growth: `is_stale` after this share of new answers."""
        self.labels = {label: code for code, label in enumerate(labels)}
        if len(self.labels) != len(labels) or not len(labels):
            raise ValueError("labels must name at least one label, each once.")
        if skills is not None and skills.labels.tolist() != list(labels):
            raise ValueError("skills were learned for other labels than those of this stream.")
        self.growth, self.skills = growth, skills
        self.items: dict[Hashable, int] = {}
        self.workers: dict[Hashable, int] = {}
        self._rows = (array("q"), array("q"), array("q"))
        self._scores, self._n_votes, self._fitted = np.zeros((16, len(labels))), np.zeros(16, dtype=np.int64), 0
        self._use_skills()

    def add(self, item: Hashable, worker: Hashable, label: Hashable) -> Standing:
        """Take one answer. Raises ValueError, with nothing changed, for an unknown label and for what can be no id."""
        for name, value in (("item", item), ("worker", worker), ("label", label)):
            if value is None or value != value or not is_hashable(value):
                raise ValueError(f"{name}: {value!r} cannot be an id; give a number, a text or a tuple of these.")
        if label not in self.labels:
            raise ValueError(f"label: {label!r} is not one of the {len(self.labels)} labels of this stream.")
        codes = (
            self.items.setdefault(item, len(self.items)),
            self.workers.setdefault(worker, len(self.workers)),
            self.labels[label],
        )
        for column, code in zip(self._rows, codes, strict=True):
            column.append(code)
        if codes[0] == len(self._scores):
            self._scores = np.concatenate([self._scores, np.zeros_like(self._scores)])
            self._n_votes = np.concatenate([self._n_votes, np.zeros_like(self._n_votes)])
        self._scores[codes[0]] += self._table(worker, codes[1])[codes[2]]
        self._n_votes[codes[0]] += 1
        return self.standing(item)

    def standing(self, item: Hashable) -> Standing:
        """The decision on an item now; an item without answers stands by the prior."""
        code = self.items.get(item)
        n_votes = 0 if code is None else int(self._n_votes[code])
        scores = self._prior if code is None else self._prior + self._scores[code]
        powers = np.exp((scores - scores.max()) / (1 + CORRELATION * n_votes))
        return Standing(int((scores >= scores.max() - 1e-9).argmax()), powers / powers.sum(), n_votes)

    def decisions(self) -> np.ndarray:
        """(I,) label codes, in the order of the items' first answers."""
        return choose(self._scores[: len(self.items)] + self._prior)

    def posteriors(self) -> np.ndarray:
        """(I, K), softened for the number of votes, in the order of the items' first answers."""
        n_votes = self._n_votes[: len(self.items)]
        scores = (self._scores[: len(self.items)] + self._prior) / (1 + CORRELATION * n_votes)[:, None]
        softmax_rows(scores)
        return scores

    @property
    def is_stale(self) -> bool:
        """Have enough answers come since the last refresh?"""
        return len(self._rows[0]) > self._fitted * (1 + self.growth)

    def refresh(self) -> Skills:
        """Learn the skills anew from all answers; all items are scored anew."""
        self.skills = learn_skills(self.votes())
        self._fitted = len(self._rows[0])
        self._use_skills()
        return self.skills

    def votes(self) -> Votes:
        """All answers so far; codes in the order of the first answers, as in `items` and `workers`."""
        items, workers, answers = self._columns()
        return Votes.from_codes(items, workers, answers, list(self.items), list(self.workers), list(self.labels))

    def _columns(self) -> list[np.ndarray]:
        return [np.array(column, dtype=np.int64) for column in self._rows]

    def _use_skills(self) -> None:
        if self.skills is None:
            n_labels = len(self.labels)
            crowd = coin_matrix(np.array([max(NEWCOMER, 1 / n_labels)]), n_labels)[0]
            self._use(np.zeros((0, n_labels, n_labels)), crowd, np.full(n_labels, 1 / n_labels))
        else:
            confusion = self.skills.confusion_for(list(self.workers))
            self._use(confusion, self.skills.pooled, self.skills.prior)

    def _use(self, confusion: np.ndarray, crowd: np.ndarray, prior: np.ndarray) -> None:
        """Take matrices of the workers in their order, of the crowd for later ones, and score all items anew."""
        self._tables = np.log(confusion).transpose(0, 2, 1)
        self._newcomer, self._prior = np.log(crowd).T, np.log(prior)
        items, workers, answers = self._columns()
        known = np.concatenate([self._tables, self._newcomer[None]])
        gained = known[np.minimum(workers, len(self._tables)), answers]
        for label in range(len(self.labels)):
            sums = np.bincount(items, weights=gained[:, label], minlength=len(self.items))
            self._scores[: len(self.items), label] = sums

    def _table(self, worker: Hashable, code: int) -> np.ndarray:
        """(K, K) log table [answer, truth] of a worker; one who came after the last fit is known from earlier, or new."""
        if code < len(self._tables):
            return self._tables[code]
        if self.skills is None:
            return self._newcomer
        return np.log(self.skills.confusion_for([worker])[0]).T
