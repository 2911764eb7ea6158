"""An item is decided: answer the label requests that waited for it, and mark the model's audited answers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from django.db import transaction
from django.db.models import Q

from delivery.outbox import emit_many
from labelling import task_types
from labelling.batches.escrow import fee_micro
from labelling.label_api.promise_labels import look_at_promises
from labelling.label_api.request_label import CROWD, answered_event
from labelling.models import Decision, LabelRequest, Settlement
from labelling.task_types.questions import question_of_item
from ledger import clock


@transaction.atomic
def answer_requests(item_ids: Iterable[int]) -> int:
    """Answer what waits for these items' final decisions, and measure the model's audited answers by them, anew when a decision
    changed; returns how many requests were looked at. Safe to repeat."""
    waiting = list(
        LabelRequest.objects.select_for_update(of=("self",))
        .filter(Q(answered_at=None) | Q(audit=True), item__in=set(item_ids))
        .select_related("project", "item__project", "item__media")
        .order_by("id")
    )
    decisions = {d.item_id: d for d in Decision.objects.filter(item__in=[r.item_id for r in waiting], final=True)}
    decided = [request for request in waiting if request.item_id in decisions]
    costs = _costs_micro([request.item_id for request in decided])
    answered = [_take(request, decisions[request.item_id]) for request in decided]
    for request in _first_of_each_item(decided):
        request.cost_micro = costs[request.item_id]
    LabelRequest.objects.bulk_update(
        decided, ["source", "value", "confidence_ppm", "audit_right", "cost_micro", "answered_at"], batch_size=500
    )
    look_at_promises({request.project_id for request in decided if request.guess_ppm is not None})
    emit_many("label.answered", [answered_event(request) for request in answered if request is not None])
    return len(decided)


def _take(request: LabelRequest, decision: Decision) -> LabelRequest | None:
    """The request when the decision answers it; None for an audit, whose answer was given long ago."""
    if request.audit:
        request.audit_right = _is_right(request, request.value, decision)
        return None
    if request.guess is not None:
        request.audit_right = _is_right(request, request.guess, decision)
    request.source, request.value = CROWD, decision.value
    request.confidence_ppm, request.answered_at = decision.confidence_ppm, clock.now()
    return request


def _is_right(request: LabelRequest, said: dict | None, decision: Decision) -> bool | None:
    """None where a reviewer could not tell what is right: that measures nobody."""
    if said is None or (decision.source == Decision.Source.REVIEWER and not decision.sure):
        return None
    task_type = task_types.get(request.project.task_type)
    return task_type.is_right(said, decision.value, question_of_item(request.item))


def _first_of_each_item(requests: Sequence[LabelRequest]) -> list[LabelRequest]:
    """Two requests for one item were decided by the same answers: the first carries their cost."""
    first: dict[int, LabelRequest] = {}
    for request in requests:
        first.setdefault(request.item_id, request)
    return list(first.values())


def _costs_micro(item_ids: Sequence[int]) -> Counter[int]:
    """What each item's settled answers cost the requester: base, bonus and fee."""
    costs: Counter[int] = Counter()
    paid = Settlement.objects.filter(answer__item__in=item_ids).values_list(
        "answer__item_id", "base_micro", "bonus_micro", "answer__batch__fee_bps"
    )
    for item_id, base_micro, bonus_micro, fee_bps in paid:
        pay_micro = base_micro + bonus_micro
        costs[item_id] += pay_micro + fee_micro(pay_micro, fee_bps)
    return costs
