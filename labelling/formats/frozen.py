"""A release as the writers see it: its lines, once more from the start whenever they ask."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, BinaryIO

import orjson

from labelling import task_types
from labelling.task_types.label_names import names_of, with_ids, with_names

UNITS = "pixels of the upright original; milliseconds; text offsets in Unicode code points"


@dataclass(frozen=True)
class Frozen:
    """`open_gz` opens the frozen JSON Lines (gzip); `labels` are the project's, in order: [{"id", "name": {...}}]."""

    title: str
    number: int
    task_type: str
    created_at: str  # ISO 8601
    open_gz: Callable[[], BinaryIO]
    labels: list[dict] = field(default_factory=list)

    def lines(self) -> Iterator[bytes]:
        with self.open_gz() as stored, gzip.open(stored) as lines:
            yield from lines

    def rows(self) -> Iterator[dict]:
        """Releases from before labels left under their names hold ids only: they get today's names."""
        names = names_of({"labels": self.labels})
        for line in self.lines():
            row = orjson.loads(line)
            yield row | {"decision": with_names(row["decision"], names)}

    def shapes(self, row: dict) -> list[Any]:
        """What is drawn in the decision of a row; labels by their ids."""
        return list(task_types.get(self.task_type).show(with_ids(row["decision"], str)).shapes or ())
