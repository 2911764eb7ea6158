"""A release as the writers see it: its lines, once more from the start whenever they ask."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, BinaryIO

import orjson

from labelling import task_types
from labelling.task_types.drawing import Drawing, Order
from labelling.task_types.label_names import names_of, with_ids, with_names
from labelling.task_types.questions import Size, question_of

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
    config: dict[str, Any] = field(default_factory=dict)  # the project's settings
    instructions: str = ""  # what people were told, as it stands today

    def lines(self) -> Iterator[bytes]:
        with self.open_gz() as stored, gzip.open(stored) as lines:
            yield from lines

    def rows(self) -> Iterator[dict]:
        """Releases from before labels left under their names hold ids only: they get today's names."""
        names = names_of({"labels": self.labels})
        for line in self.lines():
            row = orjson.loads(line)
            row["decision"] = with_names(row["decision"], names)
            yield row

    def drawing(self, row: dict) -> Drawing:
        """What the decision of a row says; labels by their ids."""
        return self._drawn(row, row["decision"])

    def tags(self, row: dict, value: dict) -> list[str]:
        """The labels that an answer about a row's item chose, by their ids."""
        drawing = self._drawn(row, value)
        return [drawing.label] if drawing.label is not None else list(drawing.labels or ())

    def _drawn(self, row: dict, value: dict) -> Drawing:
        media = row.get("media") or {}
        size: Size = {
            "width_px": media.get("width_px"),
            "height_px": media.get("height_px"),
            "duration_ms": media.get("duration_ms"),
        }
        asked = {**self.config, "labels": self.labels}
        payload = {"parts": row["parts"]} if row.get("parts") else {"text": row.get("text") or ""}
        question = question_of(asked, payload, **size)
        return task_types.get(self.task_type).show(with_ids(value, str), question)

    def shapes(self, row: dict) -> list[Any]:
        return list(self.drawing(row).shapes or ())

    def order(self, row: dict) -> Order | None:
        """Which of its parts are better, where the decision of a row says so."""
        return self.drawing(row).order if row["decision"] is not None else None
