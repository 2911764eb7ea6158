"""What a change of labels would touch, told before it is made. Reading only."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import BooleanField, F, Func, QuerySet, Value
from django.db.models.functions import JSONObject

from labelling.models import Answer, Decision, Gold, Project
from labelling.models.golds import decisions_of_work


class Holds(Func):
    """Whether a JSON value holds a label: every answer shape keeps its labels under this key, at whatever depth."""

    function = "jsonb_path_exists"
    arg_joiner = ", '$.**.label ? (@ == $one)', "
    output_field = BooleanField()


@dataclass(frozen=True)
class Effect:
    label: str
    answers: int
    decided: int
    golds: int


def with_label(rows: QuerySet, label: str, field: str = "value") -> QuerySet:
    """Rows whose answer, decision or truth holds the label."""
    return rows.filter(Holds(F(field), JSONObject(one=Value(label))))


def effect_of(project: Project, label: str) -> Effect:
    decided = with_label(decisions_of_work(project), label)
    golds = with_label(Gold.objects.filter(project=project, retired_at=None), label, "truth")
    answers = with_label(Answer.objects.filter(project=project), label)
    return Effect(label, answers.count(), decided.count(), golds.count())


def decided_as(project: Project, label: str) -> QuerySet[Decision]:
    return with_label(decisions_of_work(project), label)
