"""Settle the answers to items that are decided, and tell of those items."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Q

from delivery.outbox import emit_many
from labelling.batches.settle_answers import settle_answers
from labelling.models import Answer, Decision, Project


@transaction.atomic
def settle_items(item_ids: Iterable[int], late_answers: Iterable[str] = ()) -> None:
    """Pay for decided items, then tell of them (`item.decided`). Safe to repeat.

    Each answer is measured by the decision as it stands now: the last word of the batch, or a reviewer's, may have come since
    the item was decided. Locked, so that no other comes before the pay is written: proofs show which decision measured it.
    late_answers: ids of answers that came after their item was decided, or was not to be asked any more.
    """
    late = Answer.objects.filter(pk__in=list(late_answers), counted=False, gold_right=None)
    told = set(item_ids)
    decisions = lock_decisions(told | set(late.values_list("item_id", flat=True)))
    due = Q(item__in=told & decisions.keys()) | Q(pk__in=late.values("pk"))
    settle_answers(Answer.objects.filter(due), decisions)
    emit_many("item.decided", [decided_event(one) for item, one in decisions.items() if item in told])


def lock_decisions(item_ids: set[int]) -> dict[int, Decision]:
    """{item: its final decision, with what an answer is compared by}."""
    decided = Decision.objects.filter(item__in=item_ids, final=True).order_by("item").defer("detail")
    rows = list(decided.select_related("item__media").select_for_update(of=("self",), no_key=True))
    projects = Project.objects.in_bulk({row.project_id for row in rows})  # few, for many decisions
    for row in rows:
        row.project = row.item.project = projects[row.project_id]
    return {row.item_id: row for row in rows}


def decided_event(decision: Decision) -> dict:
    """The payload of `item.decided`, for a final decision."""
    return {
        "item": decision.item_id,
        "project": decision.project_id,
        "batch": decision.batch_id,
        "final": True,
        "decision": {
            "value": decision.value,
            "confidence_ppm": decision.confidence_ppm,
            "agreement_ppm": decision.agreement_ppm,
            "sure": decision.sure,
            "source": decision.source,
        },
    }
