"""What a number is of: what it is of one decided item, and what models predict of it before anybody is asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kernel.errors import DomainError
from labelling import task_types
from labelling.models import Estimate, Item, ModelVote, Project, Suggestion
from labelling.task_types.label_names import label_finder
from labelling.task_types.parts import RESERVED
from labelling.task_types.questions import deciding_question

MILLION = 1_000_000
HALF = MILLION // 2
Of = Estimate.Of


@dataclass(frozen=True)
class Measure:
    """what: as it is kept; low, high: the range."""

    of: str
    what: str
    low: float = 0.0
    high: float = 1.0


def measure_of(project: Project, of: str, what: str) -> Measure:
    """DomainError where the project's answers say nothing of the kind."""
    kind = task_types.get(project.task_type)
    if of == Of.SHARE:
        label = label_finder(project.config)(what)
        if label is None:
            raise DomainError("label must be one of the project's labels.", field="what")
        return Measure(of, label)
    if of == Of.WIN_RATE:
        if not kind.points_at or not what:
            raise DomainError(
                "A win rate is of a part that answers choose: this project's answers choose none.", field="of"
            )
        return Measure(of, what)
    if of == Of.MEAN:
        if kind.number is None:
            raise DomainError("A mean is of a number: this project's answers are none.", field="of")
        return Measure(of, "", *kind.number.range_of(project.config))
    if not votes_of(project, what):
        raise DomainError(
            "what must be a model that has answered here: model:<version> or judge:<version>.", field="what"
        )
    return Measure(of, what)


def votes_of(project: Project, annotator: str) -> dict[int, dict]:
    """{item: what it said}"""
    name, _, number = annotator.partition(":")
    if name == "model" and number.isascii() and number.isdigit() and len(number) < 19:
        guesses = Suggestion.objects.filter(item__project=project, model_version_id=int(number))
        return dict(guesses.values_list("item_id", "value"))
    votes = ModelVote.objects.filter(item__project=project, annotator=annotator)
    return dict(votes.values_list("item_id", "value"))


def predicted(project: Project, measure: Measure, items: list[int]) -> dict[int, int]:
    """{item: millionths of the range} of these items: what models said, drawn half a vote towards the middle, which is all that is known
    where none said anything. A bad prediction makes the interval wide, never wrong."""
    if measure.of == Of.ACCURACY:
        return dict.fromkeys(votes_of(project, measure.what), HALF)
    said: dict[int, list[float]] = {item: [] for item in items}
    for table in (Suggestion, ModelVote):
        rows = table.objects.filter(item__project=project, item__in=items).values_list("item_id", "value")
        for item, value in rows:
            said[item].append(_share(project, measure, value))
    return {item: round(MILLION * (sum(found) + 0.25) / (len(found) + 0.5)) for item, found in said.items()}


def _share(project: Project, measure: Measure, value: dict) -> float:
    return (number_in(project, measure, value) - measure.low) / (measure.high - measure.low)


def number_in(project: Project, measure: Measure, value: Mapping[str, Any]) -> float:
    """Of a value, within the range. Not of an accuracy: that is of two values."""
    kind = task_types.get(project.task_type)
    if measure.of == Of.SHARE:
        return float(measure.what in kind.labels_in(dict(value)))
    if measure.of == Of.MEAN and kind.number:
        return min(max(kind.number.number_of(value), measure.low), measure.high)
    chosen: Any = value
    for step in kind.points_at:
        chosen = chosen.get(step) if isinstance(chosen, Mapping) else chosen[int(step)]
    return 1.0 if chosen == measure.what else 0.5 if chosen in RESERVED else 0.0


def seen_of(project: Project, measure: Measure, item: Item, decided: dict, said: Mapping[int, dict]) -> float:
    """What the number is of a decided item; said: of the annotator whose accuracy it is."""
    if measure.of != Of.ACCURACY:
        return number_in(project, measure, decided)
    kind = task_types.get(project.task_type)
    return float(kind.is_right(said[item.pk], decided, deciding_question(item)))
