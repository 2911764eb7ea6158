"""The protocol of every model: fit, decide and skills, by id, whatever the shape of the answers."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, Generic, TypeVar

from .decisions import Decisions
from .skills import WorkerSkills

Table = TypeVar("Table")
Gold = Mapping[Any, Any]


class Model(ABC, Generic[Table]):
    """Learns from a table of answers, and decides its items.

    `fit` keeps what it finds on its own answers, and `decide` gives that for the same table; for other answers it decides under the
    skills, so that a live project decides between two fits, or in another process from stored skills.
    """

    def __init__(self, skills: WorkerSkills | None = None) -> None:
        """skills: of an earlier fit; then `decide` needs no fit."""
        self._skills = skills
        self._table: Table | None = None
        self._found: Any = None
        self._gold: Gold = {}

    @property
    def skills(self) -> WorkerSkills:
        """What is known of the workers; ValueError before a fit, when none were given."""
        if self._skills is None:
            raise ValueError("skills: fit the model first, or give it the skills of an earlier fit.")
        return self._skills

    def fit(self, answers: Table, gold: Mapping[Any, Any] | None = None, history: Mapping[Any, Any] | None = None):
        """Learn the workers' skills, and find the truths as far as these answers tell.

        Parameters
        ----------
        answers : table
            Of the model's own shape.
        gold : mapping of item id to value, optional
            Known truths, in the form of the answers. They stand as the decisions of their items and teach what the workers are
            worth. Items that are not among the answers are passed over.
        history : mapping of worker id to counts, optional
            Of earlier work, added to what these answers show; only for models of labels: (K, K) answers by truth.

        Returns
        -------
        Model
            Itself.

        Raises
        ------
        ValueError
            For gold or history that does not fit, in one sentence that names it.
        """
        if history and not self.takes_history:
            raise ValueError("history: this model learns from its answers alone; leave history out.")
        self._gold = {item: truth for item, truth in (gold or {}).items() if truth is not None}
        self._found, self._skills = self._learn(answers, self._gold, history or {})
        self._table = answers
        return self

    def decide(self, answers: Table) -> Decisions:
        """Decide every item of a table: the one fitted, or another under the skills.

        Parameters
        ----------
        answers : table
            Of the model's own shape.

        Returns
        -------
        Decisions
            By item id, in the order of the table.

        Raises
        ------
        ValueError
            Before a fit, when no skills were given; for answers with other labels than the skills have.
        """
        if self._table is answers:
            if self._found is None:
                self._found = self._find(answers)
            return self._told(answers, self._found).with_truths(self._gold)
        return self._told(answers, self._apply(answers, self.skills))

    takes_history = False

    def _find(self, answers: Table) -> Any:
        """What is found on the answers just fitted, where `_learn` left it to when it is asked for."""
        return self._apply(answers, self.skills)

    @abstractmethod
    def _learn(self, answers: Table, gold: Gold, history: Mapping) -> tuple[Any, WorkerSkills]:
        """(what is found on these answers, None to leave it to `_find`; the skills)."""

    @abstractmethod
    def _apply(self, answers: Table, skills: WorkerSkills) -> Any:
        """What is found on other answers under skills."""

    @abstractmethod
    def _told(self, answers: Table, found: Any) -> Decisions:
        """What was found, by id."""
