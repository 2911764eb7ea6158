"""Labels were changed: decisions are called by what a merged label is now, skills are learned for the labels of now, and what is
open is decided anew. Nobody's pay changes: what measured it is kept.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.db.models import QuerySet

from consensus.app.actions.decide_items import decide_items, superseded
from consensus.app.actions.refresh_skills import refresh_skills
from consensus.app.models import SupersededDecision
from labelling import task_types
from labelling.models import Batch, BatchItem, Decision, Project
from labelling.projects.question_effects import with_label
from labelling.task_types.questions import merged_into
from ledger import clock
from proofs import build_inputs, inputs_hash

CHUNK = 1_000
METHOD = "merged-labels/1"


def follow_question(project_id: int, merged: Iterable[str]) -> None:
    """merged: labels that are one with another now. Safe to repeat."""
    for label in merged:
        while relabel_decisions(project_id, label):
            continue
    refresh_skills(project_id)
    _decide_open(project_id)


@transaction.atomic
def relabel_decisions(project_id: int, label: str) -> int:
    """Some of the decisions that hold the label; how many. Hot rows first, as whoever decides."""
    project = Project.objects.get(pk=project_id)
    if label not in merged_into(project.past_labels):
        return 0
    rows = with_label(Decision.objects.filter(project=project_id), label)
    items = list(rows.order_by("item").values_list("item_id", flat=True)[:CHUNK])
    hot = BatchItem.objects.filter(item__in=items).order_by("id")
    list(hot.select_for_update().values_list("pk", flat=True))
    decisions = list(rows.filter(item__in=items).order_by("item").select_for_update())
    SupersededDecision.objects.bulk_create(superseded(one) for one in decisions if one.final)
    for decision in decisions:
        _relabel(project, decision)
    fields = ["value", "method", "inputs_hash", "detail", "decided_at"]
    Decision.objects.bulk_update(decisions, fields, batch_size=CHUNK)
    return len(decisions)


def _relabel(project: Project, decision: Decision) -> None:
    """The votes stay, and are no sum of the rule's any more: they were given in other labels."""
    kind, into = task_types.get(project.task_type), merged_into(project.past_labels)
    votes = [{**vote, "weights": []} for vote in decision.detail.get("inputs", {}).get("votes", [])]
    inputs = build_inputs(item=str(decision.item_id), labels=[], prior=[], votes=votes)
    was = decision.detail.get("decided_as", decision.value)
    decision.value = kind.relabel(decision.value, into)
    decision.inputs_hash, decision.decided_at = inputs_hash(inputs), clock.now()
    if decision.source != Decision.Source.REVIEWER:
        decision.method = METHOD
    decision.detail = {**decision.detail, "inputs": inputs, "decided_as": was}


def _decide_open(project_id: int) -> None:
    items = list(_open(project_id).order_by("item").values_list("item_id", flat=True))
    for start in range(0, len(items), CHUNK):
        decide_items(items[start : start + CHUNK])


def _open(project_id: int) -> QuerySet[BatchItem]:
    of_project = BatchItem.objects.filter(batch__project=project_id, batch__state=Batch.State.OPEN)
    return of_project.filter(state=BatchItem.State.OPEN, counted__gt=0)
