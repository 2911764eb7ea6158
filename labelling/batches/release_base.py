"""Base pay becomes available a day after its answer, whatever the crowd does; the bonus follows when the item is decided.

A batch without a deadline, a label API that waits for work, one answer where two are wanted: none of them keeps her base pay. What
holds it then is a hold on paying out, with its own date (labelling/conduct/holds.py). What the answer was topped up by comes with it.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import takewhile

from django.db import transaction

from labelling.batches.settle_answers import lock_records, settle_answers
from labelling.batches.waiting import waiting_micro
from labelling.models import Answer, EarlyBase, EarlyBaseSweep, Settlement
from ledger import clock, factories
from ledger.posting import post_many

BASE_PAY_WITHIN = timedelta(hours=24)
AFTER = BASE_PAY_WITHIN - timedelta(hours=1)  # the sweep comes every ten minutes: within the day all the same
MOST = 1000
# Of such an offer something is left at any score above 10 bps, and nobody's is below that. Where less is offered nothing is sure to
# follow, so the answer is settled now, as one of an item that stays undecided: each settlement has a line in her statement.
SURE_BONUS = 1_000


def release_base() -> int:
    """Returns how many were released. Each answer is looked at once, in the order of their numbers. Safe to run twice at once."""
    released = 0
    while (found := _release_some()) is not None:
        released += found
    return released


@transaction.atomic
def _release_some() -> int | None:
    """The next answers that are old enough; None when there are none, or another process is at it."""
    EarlyBaseSweep.objects.get_or_create(pk=1)
    sweep = EarlyBaseSweep.objects.select_for_update(skip_locked=True).filter(pk=1).first()
    if sweep is None:
        return None
    now = clock.now()
    fields = ("seq", "worker_id", "project_id", "base_micro", "received_at", "batch__currency", "batch__bonus_micro")
    next_ones = Answer.objects.filter(seq__gt=sweep.through_seq).select_related("batch").only(*fields)
    # Up to the first that is not: two answers of one moment may have their numbers the other way round, and none is passed over.
    old = list(takewhile(lambda answer: answer.received_at <= now - AFTER, next_ones.order_by("seq")[:MOST]))
    if not old:
        return None
    EarlyBaseSweep.objects.filter(pk=1).update(through_seq=old[-1].seq)
    return _release(old, now)


def _release(answers: list[Answer], now: datetime) -> int:
    """Under the locks that settling takes, so that either finds what the other has done."""
    open_ones = _unsettled(answers)
    if not open_ones:
        return 0
    plain = [answer.pk for answer in open_ones if answer.batch.bonus_micro < SURE_BONUS]
    settled = settle_answers(Answer.objects.filter(pk__in=plain))
    with_bonus = [answer for answer in open_ones if answer.batch.bonus_micro >= SURE_BONUS and answer.base_micro]
    lock_records(with_bonus)
    due = _unsettled(with_bonus)
    waiting = waiting_micro(a.pk for a in due)
    rows = [EarlyBase(answer=a, worker_id=a.worker_id, amount_micro=waiting[a.pk], released_at=now) for a in due]
    EarlyBase.objects.bulk_create(rows)
    if due:
        post_many([factories.release_base(a.pk, a.worker_id, waiting[a.pk], a.batch.currency) for a in due])
    return settled + len(due)


def _unsettled(answers: list[Answer]) -> list[Answer]:
    settled = set(Settlement.objects.filter(answer__in=[a.pk for a in answers]).values_list("answer_id", flat=True))
    return [answer for answer in answers if answer.pk not in settled]
