"""What every model decides: one class for all answer shapes, told by item id."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

Column = Sequence[Any] | np.ndarray


class Decision(NamedTuple):
    """One item's: detail holds what its answer shape adds (posteriors, a standard deviation, an object's confidence ...)."""

    item: Hashable
    value: Any
    confidence: float
    agreement: float
    n_answers: int
    detail: dict[str, Any]


@dataclass(frozen=True, eq=False)
class Decisions:
    """The decisions on I items.

    Parameters
    ----------
    item_ids : ndarray (I,)
        The caller's ids, in the order of the answers' table.
    chosen : sequence of I
        The decided values, in the caller's own form; None where nothing can be said.
    sure : ndarray (I,)
        Probability, 0 to 1, that the value is right (each model says what "right" is for its shape).
    agreed : ndarray (I,)
        Mean agreement, 0 to 1, over pairs of answers; nan below two answers.
    counts : ndarray (I,)
        Answers of each item.
    details : dict of str to sequence of I
        What the shape adds, by name.
    """

    item_ids: np.ndarray
    chosen: Column
    sure: np.ndarray
    agreed: np.ndarray
    counts: np.ndarray
    details: Mapping[str, Column] = field(default_factory=dict)

    @cached_property
    def values(self) -> dict[Hashable, Any]:
        """The decided value of each item, by id."""
        return self._by_id(self.chosen)

    @cached_property
    def confidence(self) -> dict[Hashable, float]:
        """How sure each value is, 0 to 1, by id."""
        return self._by_id(np.asarray(self.sure, dtype=float).tolist())

    @cached_property
    def agreement(self) -> dict[Hashable, float]:
        """Mean agreement over pairs of answers, 0 to 1, by id; nan below two answers."""
        return self._by_id(np.asarray(self.agreed, dtype=float).tolist())

    @cached_property
    def n_answers(self) -> dict[Hashable, int]:
        """Answers of each item, by id."""
        return self._by_id(np.asarray(self.counts).tolist())

    @cached_property
    def _place(self) -> dict[Hashable, int]:
        return {item: place for place, item in enumerate(self.item_ids.tolist())}

    def _by_id(self, column: Column) -> dict[Hashable, Any]:
        return dict(zip(self.item_ids.tolist(), column, strict=True))

    def __len__(self) -> int:
        return len(self.item_ids)

    def __iter__(self) -> Iterator[Decision]:
        return (self._row(place) for place in range(len(self)))

    def __getitem__(self, item: Hashable) -> Decision:
        """The decision on one item; KeyError for an id that is not among them."""
        return self._row(self._place[item])

    def _row(self, place: int) -> Decision:
        details = {name: column[place] for name, column in self.details.items()}
        figures = (float(self.sure[place]), float(self.agreed[place]), int(self.counts[place]))
        return Decision(self.item_ids[[place]].tolist()[0], self.chosen[place], *figures, details)

    def with_truths(self, gold: Mapping[Hashable, Any]) -> Decisions:
        """The same with known truths in place of what the answers say, sure beyond doubt."""
        if not gold:
            return self
        places = {self._place[item]: truth for item, truth in gold.items() if item in self._place}
        chosen = [places.get(place, value) for place, value in enumerate(self.chosen)]
        sure = np.array(self.sure, dtype=float)
        sure[list(places)] = 1.0
        return replace(self, chosen=chosen, sure=sure)

    def to_rows(self) -> list[dict[str, Any]]:
        """A row of plain names for each item, as every data frame takes it: pandas.DataFrame(decided.to_rows()).

        Returns
        -------
        list of dict
            item, value, confidence, agreement, n_answers, then the shape's own.
        """
        names = ("item", "value", "confidence", "agreement", "n_answers")
        return [dict(zip(names, one[:5], strict=True)) | one.detail for one in self]
