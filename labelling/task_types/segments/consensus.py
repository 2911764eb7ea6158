"""segments: who says what of each stretch of time in which nobody changes his mind, under every worker's own confusions, read off as
segments; see consensus.core.regions.ranges for the model. One moment has one label there: of segments over one another the shortest
counts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from consensus.core.regions.models import Mark
from labelling.task_types.mark_consensus import MarkConsensus
from labelling.task_types.segments.answer import LEAST_MS, place
from labelling.task_types.segments.gold import is_right
from labelling.task_types.votes import Task

METHOD = "segments-units/1"


def _segment(mark: Mark, question: dict) -> dict | None:
    start_ms, end_ms = map(round, mark.shape)
    return {"label": mark.label, "start_ms": start_ms, "end_ms": end_ms} if end_ms - start_ms >= LEAST_MS else None


def _lengths(tasks: list[Task]) -> Mapping[str, Any]:
    return {"durations_ms": [task.question["duration_ms"] for task in tasks]}


_CONSENSUS = MarkConsensus(
    aggregator="Segments",
    marks="segments",
    shape=lambda segment: (segment["start_ms"], segment["end_ms"]),
    mark=_segment,
    place=place,
    is_right=is_right,
    options=_lengths,
)
decide_many, learn_skills_of = _CONSENSUS.decide_many, _CONSENSUS.learn_skills_of
