"""Decide an appeal against a missed known task: by a reviewer or an admin who was not involved, within 72 hours; by two of them
where much money follows."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction

from delivery.outbox import emit
from kernel.errors import Conflict, DomainError
from labelling.access import get_gold_appeal_for
from labelling.gold.compensate import compensate, same_misses
from labelling.gold.judge_sittings import judge_after_retiring
from labelling.models import Gold
from labelling.models.gold_appeals import GoldAppeal
from ledger import clock
from people.audit import record
from people.models import Person

MAX_WORDS = 1000
Outcome = GoldAppeal.Outcome


@transaction.atomic
def decide_gold_appeal(actor: Person, answer_id: UUID, outcome: str, reply: str, *, retire: bool = False) -> GoldAppeal:
    """won: her answer counts as right, for her and for whoever gave the very same one. lost: it stands, with a reason.

    retire: the item is mixed in no more, and nobody's skill is learned from its truth.
    """
    if outcome not in (Outcome.WON, Outcome.LOST):
        raise DomainError("Choose whether she was right or the known answer stands.", field="outcome")
    least = 1 if outcome == Outcome.LOST else 0
    if not isinstance(reply, str) or not least <= len(reply.strip()) <= MAX_WORDS:
        raise DomainError(
            "Tell her why, in at most {most} characters: she reads this sentence.",
            field="reply",
            said={"most": MAX_WORDS},
        )
    appeal = get_gold_appeal_for(actor, answer_id, lock=True)
    now = clock.now()
    if appeal.decided_at is not None:
        raise Conflict("This appeal is decided already.", code="decided_already")
    if outcome == Outcome.LOST and now >= appeal.answer_by:
        raise Conflict("The 72 hours are over: silence has decided for her.", code="too_late")
    if outcome == Outcome.LOST:
        record(actor, "gold_appeals.decide_gold_appeal", appeal.answer, outcome=outcome, retired=False)
        return _stands(appeal, actor, reply.strip(), now)
    if not _won(appeal, actor, reply.strip(), now):
        return _first_of_two(actor, answer_id)
    if retire:
        Gold.objects.filter(item=appeal.answer.item_id, retired_at=None).update(retired_at=now)
        judge_after_retiring([appeal.answer.item_id])
    record(actor, "gold_appeals.decide_gold_appeal", appeal.answer, outcome=outcome, retired=retire)
    return appeal


def _won(appeal: GoldAppeal, actor: Person, reply: str, now: datetime) -> bool:
    """False, with nothing changed, where so much money follows that a second person has to say the same."""
    try:
        with transaction.atomic():
            together = [appeal, *same_misses(appeal, now)]
            alone = appeal.first_by_id is None or any(one.first_by_id == actor.pk for one in together)
            for one in together:
                one.first_by_id = None if one.first_by_id == actor.pk else one.first_by_id
            compensate(together, Outcome.WON, actor, reply)
            follows_micro = sum(one.paid_micro + one.owed_micro for one in together)
            if alone and follows_micro > settings.APPEAL_SECOND_MICRO:
                raise _TwoPeople
    except _TwoPeople:
        return False
    return True


class _TwoPeople(Exception):
    pass


def _first_of_two(actor: Person, answer_id: UUID) -> GoldAppeal:
    """She has not won yet: another person decides, or silence for her."""
    appeal = get_gold_appeal_for(actor, answer_id, lock=True)
    appeal.first_by = actor
    appeal.save(update_fields=["first_by"])
    record(actor, "gold_appeals.first_of_two", appeal.answer)
    return appeal


def _stands(appeal: GoldAppeal, actor: Person, reply: str, now) -> GoldAppeal:
    appeal.outcome, appeal.reply, appeal.decided_by, appeal.decided_at = Outcome.LOST, reply, actor, now
    appeal.save(update_fields=["outcome", "reply", "decided_by", "decided_at"])
    answer = appeal.answer
    emit("miss.confirmed", {"answer": str(answer.pk), "worker": appeal.worker_id, "project": answer.project_id})
    return appeal
