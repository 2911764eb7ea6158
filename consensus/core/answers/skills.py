"""What a model knows of its workers, by id and in plain numbers: what a platform stores between two fits."""

from __future__ import annotations

import json
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np


@dataclass(frozen=True, eq=False)
class WorkerSkills:
    """Skills of the workers of one fit.

    Parameters
    ----------
    workers : dict of worker id to dict
        Each worker's own figures: numbers and lists of numbers, named alike for all.
    crowd : dict
        The same figures of somebody unknown, and what belongs to the whole crowd (label shares, spreads ...).
    answers : dict of worker id to int
        The answers behind each worker's figures.
    labels : sequence of ids
        Names of the tables' axes, where the shape has labels.
    """

    workers: Mapping[Any, dict[str, Any]]
    crowd: dict[str, Any]
    answers: Mapping[Any, int] = field(default_factory=dict)
    labels: Sequence[Hashable] = ()

    def of(self, worker: Hashable) -> dict[str, Any]:
        """All that is known of one worker; of a stranger, what is known of the crowd."""
        return {**self.crowd, **self.workers.get(worker, {})}

    def column(self, name: str, workers: Iterable[Hashable]) -> np.ndarray:
        """(W, ...) one figure of these workers, in their order; a stranger's is the crowd's."""
        return np.array([self.workers.get(worker, self.crowd)[name] for worker in workers])

    def check_labels(self, labels: Sequence[Hashable]) -> None:
        """ValueError for skills of other labels: their tables say nothing about these."""
        if list(self.labels) != list(labels):
            raise ValueError("skills: learned for other labels than the answers have; fit anew when the labels change.")

    def without(self, worker: Hashable) -> WorkerSkills:
        """The same without one worker."""
        left = {name: row for name, row in self.workers.items() if name != worker}
        return WorkerSkills(left, self.crowd, {k: n for k, n in self.answers.items() if k != worker}, self.labels)

    def to_json(self) -> str:
        """One line of JSON; ids are numbers, text, or tuples of these, and come back as they were."""
        rows = [[worker, row, self.answers.get(worker, 0)] for worker, row in self.workers.items()]
        return json.dumps({"labels": list(self.labels), "crowd": self.crowd, "workers": rows})

    @classmethod
    def from_json(cls, text: str) -> WorkerSkills:
        """What `to_json` wrote down."""
        known = json.loads(text)
        rows = [(_as_id(worker), row, n) for worker, row, n in known["workers"]]
        labels = [_as_id(label) for label in known["labels"]]
        return cls({who: row for who, row, _ in rows}, known["crowd"], {who: n for who, _, n in rows}, labels)


def _as_id(value: Any) -> Hashable:
    return tuple(_as_id(part) for part in value) if isinstance(value, list) else value
