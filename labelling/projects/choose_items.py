"""Which decided items are asked again: those that were named, or those that a label or a question of before touches. Reading only."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Exists, OuterRef, Q, QuerySet

from kernel.errors import DomainError
from labelling.models import Answer, Decision, Project
from labelling.projects.question_effects import with_label

WHICH = ("all", "unsure", "older")


def chosen_items(
    rows: QuerySet[Decision], project: Project, *, items: Collection[int] = (), label: str = "", which: str = "all"
) -> list[int]:
    """rows: decisions that may be asked again. label: decided so. which: all, those out of budget, or those that nobody has answered
    in the question of now."""
    if which not in WHICH:
        raise DomainError("which must be one of {choices}.", field="which", said={"choices": ", ".join(WHICH)})
    if items:
        return sorted(set(items))
    rows = with_label(rows, label) if label else rows
    if which == "unsure":
        rows = rows.filter(sure=False)
    elif which == "older":
        now = Answer.objects.filter(Q(lease__question=project.question_id), item=OuterRef("item"), counted=True)
        rows = rows.filter(~Exists(now))
    return list(rows.order_by("item").values_list("item", flat=True))
