"""Decide an appeal against a missed known task: by a reviewer or an admin who was not involved, within 72 hours."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from delivery.outbox import emit
from labelling.access import get_gold_appeal_for
from labelling.actions.put_right import put_right, same_misses
from labelling.gold_appeals import GoldAppeal
from labelling.models import Gold
from ledger import clock
from people.audit import record
from people.models import Person
from people.refusals import Conflict, Refusal

MOST_WORDS = 1000
Outcome = GoldAppeal.Outcome


@transaction.atomic
def decide_gold_appeal(actor: Person, answer_id: UUID, outcome: str, reply: str, *, retire: bool = False) -> GoldAppeal:
    """won: her answer counts as right, for her and for whoever gave the very same one. lost: it stands, with a reason.

    retire: the item is mixed in no more, and nobody's skill is learned from its truth.
    """
    if outcome not in (Outcome.WON, Outcome.LOST):
        raise Refusal("Choose whether she was right or the known answer stands.", field="outcome")
    least = 1 if outcome == Outcome.LOST else 0
    if not isinstance(reply, str) or not least <= len(reply.strip()) <= MOST_WORDS:
        raise Refusal(f"Tell her why, in at most {MOST_WORDS} characters: she reads this sentence.", field="reply")
    appeal = get_gold_appeal_for(actor, answer_id, lock=True)
    now = clock.now()
    if appeal.decided_at is not None:
        raise Conflict("This appeal is decided already.")
    if outcome == Outcome.LOST and now >= appeal.answer_by:
        raise Conflict("The 72 hours are over: silence has decided for her.")
    if retire:
        Gold.objects.filter(item=appeal.answer.item_id, retired_at=None).update(retired_at=now)
    record(actor, "gold_appeals.decide_gold_appeal", appeal.answer, outcome=outcome, retired=retire)
    if outcome == Outcome.LOST:
        return _stands(appeal, actor, reply.strip(), now)
    for one in [appeal, *same_misses(appeal.answer, now)]:
        put_right(one, Outcome.WON, actor, reply.strip())
    return appeal


def _stands(appeal: GoldAppeal, actor: Person, reply: str, now) -> GoldAppeal:
    appeal.outcome, appeal.reply, appeal.decided_by, appeal.decided_at = Outcome.LOST, reply, actor, now
    appeal.save(update_fields=["outcome", "reply", "decided_by", "decided_at"])
    answer = appeal.answer
    emit("miss.confirmed", {"answer": str(answer.pk), "worker": appeal.worker_id, "project": answer.project_id})
    return appeal
