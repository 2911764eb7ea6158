"""spans: who says what of each stretch in which nobody changes his mind, under every worker's own confusions, read off as spans; see
consensus.core.regions.ranges for the model. One place has one label there: of spans in one another the inner one counts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from consensus.core.regions.models import Mark
from labelling.task_types.mark_consensus import MarkConsensus
from labelling.task_types.spans.answer import place
from labelling.task_types.spans.gold import is_right
from labelling.task_types.votes import Task

METHOD = "spans-units/1"


def _span(mark: Mark, question: dict) -> dict | None:
    """Without white space at its ends; None where nothing else is in it."""
    start, end = map(round, mark.shape)
    said = question["text"][start:end]
    start += len(said) - len(said.lstrip())
    return {"label": mark.label, "start": start, "end": start + len(said.strip())} if said.strip() else None


def _lengths(tasks: list[Task]) -> Mapping[str, Any]:
    return {"lengths": [len(task.question["text"]) for task in tasks]}


_CONSENSUS = MarkConsensus(
    aggregator="Spans",
    marks="spans",
    shape=lambda span: (span["start"], span["end"]),
    mark=_span,
    place=place,
    is_right=is_right,
    options=_lengths,
)
decide_many, learn_skills_of = _CONSENSUS.decide_many, _CONSENSUS.learn_skills_of
