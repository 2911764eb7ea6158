"""A reviewer looks at an item that the crowd could not be sure of: which answer is right, or that it cannot be told.

The crowd's decision is kept, nobody's pay changes, and the crowd does not decide the item again. Confidence and agreement
stay the crowd's: they say how disputed the item was. Methods that are no integer rule keep the votes without weights, so
does this one: those who took part can check which answers there were.
"""

from __future__ import annotations

from django.db import transaction

from consensus.app.actions.decide_items import superseded
from delivery.outbox import emit, emit_many
from kernel.errors import Conflict, DomainError
from labelling import task_types
from labelling.access import get_decision_to_correct, get_decision_to_review
from labelling.batches.settle_items import decided_event
from labelling.batches.take_off_offer import take_off_offer
from labelling.models import Answer, BatchItem, Decision, Item
from labelling.models.reviewers import reviewer_id
from labelling.task_types.errors import BadAnswer
from labelling.task_types.questions import question_of_item
from ledger import clock
from people.audit import record
from people.models import Person
from proofs import build_inputs, inputs_hash

METHOD = "review/1"
AS_DECIDED, CANNOT_BE_TOLD, OTHER, CORRECTED = "as_decided", "cannot_be_told", "other", "corrected"
MAX_REASON = 500


@transaction.atomic
def review_item(actor: Person, item_id: int, choice: str, reason: str = "", value: object = None) -> Decision:
    """`choice` is the id of one of the item's answers, AS_DECIDED, CANNOT_BE_TOLD, or OTHER with a `value` that nobody gave. The same
    choice again changes nothing.

    Refused, with nothing changed: not hers to review (404), reviewed already (409), no such choice, too long a reason.
    """
    decision = lock_decision(actor, item_id)
    if decision.source == Decision.Source.REVIEWER:
        return _reviewed_already(decision, actor, choice)
    value = parse_value(decision, value) if choice == OTHER else _chosen(decision, choice)
    reason = _parse_reason(reason)
    superseded(decision).save()
    _write(decision, value, {"by": reviewer_id(actor), "choice": choice, "reason": reason})
    record(actor, "decision.review", decision.item, choice=choice, reason=reason)
    emit("item.decided", decided_event(decision))
    return decision


@transaction.atomic
def correct_label(actor: Person, item_id: int, value: object, reason: str = "") -> Decision:
    """Sure and wrong: a person says what is right, whatever the crowd or a reviewer said. An item that is being asked is asked no
    more. The same value again changes nothing.

    Refused, with nothing changed: not hers to correct (404), nothing decided yet, a value that the project does not know.
    """
    decision = lock_decision(actor, item_id, get_decision_to_correct)
    value, reason = parse_value(decision, value), _parse_reason(reason)
    if decision.source == Decision.Source.REVIEWER and decision.sure and decision.value == value:
        return decision
    was = decision.value
    if decision.final:
        superseded(decision).save()
    decision.final = True
    _write(decision, value, {"by": reviewer_id(actor), "choice": CORRECTED, "reason": reason})
    take_off_offer([item_id], settled=True)
    record(actor, "decision.correct", decision.item, was=was, now=value, reason=reason)
    emit_many("settlement.due", [{"items": [item_id], "late_answers": []}])  # pays who is not paid yet, and tells of it
    return decision


def parse_value(decision: Decision, value: object) -> dict:
    """In canonical form, in any of the project's labels."""
    item = Item.objects.select_related("project", "media").get(pk=decision.item_id)
    try:
        return task_types.get(item.project.task_type).parse(value, question_of_item(item))
    except BadAnswer as bad:
        raise DomainError(str(bad), field=bad.field) from bad


def lock_decision(actor: Person, item_id: int, get=get_decision_to_review) -> Decision:
    """The hot rows first, as those who decide do: whoever comes second sees what the first did."""
    get(actor, item_id)  # nobody locks what is not hers to see
    list(BatchItem.objects.filter(item=item_id).order_by("id").select_for_update().values_list("pk", flat=True))
    return get(actor, item_id, lock=True)


def _reviewed_already(decision: Decision, actor: Person, choice: str) -> Decision:
    review = decision.detail["review"]
    if review["by"] != reviewer_id(actor):
        raise Conflict(
            "Another reviewer has decided this item in the meantime: nothing of yours was saved.",
            field="choice",
            code="reviewed_meanwhile",
        )
    if review["choice"] != choice:
        raise Conflict(
            "You have reviewed this item already: undo that first to choose anew.",
            field="choice",
            code="reviewed_already",
        )
    return decision


def _chosen(decision: Decision, choice: str) -> dict:
    if choice in (AS_DECIDED, CANNOT_BE_TOLD):
        return decision.value
    answers = {str(pk): value for pk, value in Answer.objects.filter(item=decision.item_id).values_list("pk", "value")}
    if choice not in answers:
        raise DomainError(
            "Choose one of the answers, the decision as it is, or that it cannot be told.", field="choice"
        )
    return answers[choice]


def _parse_reason(reason: str) -> str:
    reason = reason.strip()
    if len(reason) > MAX_REASON or "\x00" in reason:
        raise DomainError(
            "The reason must be plain text of at most {most} characters.", field="reason", said={"most": MAX_REASON}
        )
    return reason


def _write(decision: Decision, value: dict, review: dict) -> None:
    votes = decision.detail.get("inputs", {}).get("votes", [])
    inputs = build_inputs(
        item=str(decision.item_id), labels=[], prior=[], votes=[{**vote, "weights": []} for vote in votes]
    )
    decision.value, decision.sure = value, review["choice"] != CANNOT_BE_TOLD
    decision.source, decision.method = Decision.Source.REVIEWER, METHOD
    decision.inputs_hash = inputs_hash(inputs)
    decision.detail = {**decision.detail, "inputs": inputs, "review": review}
    decision.decided_at = clock.now()
    decision.save()
