"""A reviewer takes her word back: the crowd's decision stands again, and what she said is kept beside it."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Q

from consensus.app.actions.decide_items import superseded
from consensus.app.actions.review_item import METHOD, lock_decision
from consensus.app.models import SupersededDecision
from delivery.outbox import emit
from kernel.errors import Conflict
from labelling import task_types
from labelling.access import get_review_of
from labelling.batches.settle_items import decided_event
from labelling.models import Decision, Project, Release
from labelling.task_types.questions import merged_into
from ledger import clock
from people.audit import record
from people.models import Person


@transaction.atomic
def undo_review(actor: Person, item_id: int) -> Decision:
    """Refused once a release may hold the review (409), and for whoever did not review the item (404)."""
    decision = lock_decision(actor, item_id, get_review_of)
    Project.objects.select_for_update(no_key=True).get(pk=decision.project_id)  # no release is begun meanwhile
    if is_released(decision):
        raise Conflict(
            "A release holds this review already: it cannot be undone any more.", field="item", code="released"
        )
    before = SupersededDecision.objects.filter(item=item_id).exclude(method=METHOD).order_by("-pk").first()
    if before is None:
        raise Conflict(
            "Nothing was decided before this: correct the label once more instead.", field="item", code="nothing_before"
        )
    if _is_merged(decision.project, before.value):
        raise Conflict(
            "What stood before was said in labels that are merged now: correct the label instead.",
            field="item",
            code="merged_since",
        )
    superseded(decision).save()
    _restore(decision, before)
    record(actor, "decision.undo_review", decision.item)
    emit("item.decided", decided_event(decision))
    return decision


def _is_merged(project: Project, value: dict) -> bool:
    return bool(task_types.get(project.task_type).labels_in(value) & merged_into(project.past_labels).keys())


def is_released(decision: Decision) -> bool:
    """A release that is being built may hold what was decided since it was asked for."""
    since = Q(created_at__gte=decision.decided_at) | Q(state="building")
    return Release.objects.filter(since, project=decision.project_id).exclude(state="failed").exists()


def _restore(decision: Decision, before: SupersededDecision) -> None:
    """A review leaves confidence, agreement and what else is in detail as they were. Decided now: what is settled from here
    on is measured by it."""
    decision.value, decision.method, decision.inputs_hash = before.value, before.method, before.inputs_hash
    decision.source, decision.sure = Decision.Source.CROWD, False
    kept = {name: value for name, value in decision.detail.items() if name != "review"}
    decision.detail = {**kept, "inputs": before.inputs}
    decision.decided_at = clock.now()
    decision.save()
