"""Silence decides for the worker: appeals against missed known tasks that nobody answered in 72 hours are won. What won ones are
still owed is paid where the money has come."""

from __future__ import annotations

from django.db import transaction

from labelling.gold.compensate import compensate
from labelling.gold.pay_appeals import pay_what_is_owed
from labelling.models.gold_appeals import ANSWER_WITHIN, GoldAppeal
from ledger import clock
from people.audit import record

MOST = 1000


def end_gold_appeals() -> int:
    """Returns how many silence won; each in a transaction of its own. Safe to repeat and to run twice at once."""
    late = GoldAppeal.objects.filter(decided_at=None, made_at__lte=clock.now() - ANSWER_WITHIN).order_by("made_at")
    won = sum(_end(pk) for pk in late.values_list("pk", flat=True)[:MOST])
    pay_what_is_owed()
    return won


@transaction.atomic
def _end(appeal_id: int) -> bool:
    """Whoever held the lock may have answered meanwhile. Nobody judged the item, so it is put right for her alone."""
    waiting = GoldAppeal.objects.select_for_update(of=("self",)).select_related("answer__project")
    appeal = waiting.filter(pk=appeal_id, decided_at=None).first()
    if appeal is None:
        return False
    compensate([appeal], GoldAppeal.Outcome.SILENCE, None)
    record(None, "gold_appeals.end_gold_appeals", appeal.answer)
    return True
