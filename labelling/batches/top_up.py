"""A batch whose tasks take people longer than its requester thought is topped up, as far as she agreed to when it opened.

Its base was promised and never changes. So much as it lacks to the floor by the measured time is paid on top of it, for answers given
before as well, out of its escrow, where the whole ceiling was set aside for every answer that can come. What was once topped up stays.
It is hers when the base of its answer is: paid at once, it would be gone before anybody had looked at the work.
"""

from __future__ import annotations

from django.db import transaction
from django.db.models import F, Q

from labelling.batches.measured import measured_ms
from labelling.batches.settle_answers import lock_records
from labelling.batches.wage_floor import floor_micro
from labelling.batches.waiting import still_waits
from labelling.models import Answer, Batch, TopUp
from ledger import clock, factories
from ledger.models import Transfer as StoredTransfer
from ledger.posting import Transfer, post_many
from people.audit import record

MOST = 1000  # answers at once


def raise_top_up(batch: Batch, task_ms: int) -> bool:
    """Whether each answer is paid more now. `batch` is locked by the caller."""
    lacking = floor_micro(task_ms, batch.project.warnings) - batch.base_micro
    more = min(lacking, batch.top_up_micro)
    if more <= batch.topped_micro:
        return False
    batch.topped_micro = more
    batch.save(update_fields=["topped_micro"])
    record(None, "batch.top_up", batch, task_ms=task_ms, topped_micro=more)
    return True


@transaction.atomic
def pay_top_ups(batch_id: int) -> int:
    """Micro-units paid: every answer of the batch has what it is topped up by, whenever it came. Safe to repeat."""
    batch = Batch.objects.select_for_update().get(pk=batch_id)
    return _pay(batch)


def last_top_up(batch: Batch) -> None:
    """Before what is left of a closed batch goes back: by what was measured until now. After the first refund nothing is raised any more.
    `batch` is locked by the caller."""
    if not batch.top_up_micro or StoredTransfer.objects.filter(key=f"close:{batch.pk}:0").exists():
        return
    measured = measured_ms([batch.project_id]).get(batch.project_id)
    if measured is not None:
        raise_top_up(batch, measured)
    _pay(batch)


def to_top_up() -> list[int]:
    """Open batches with answers that have not all that they are topped up by; a closed one is looked at before its rest goes back."""
    short = Answer.objects.filter(_short(), batch__topped_micro__gt=0, batch__state=Batch.State.OPEN)
    return sorted(short.values_list("batch", flat=True).order_by().distinct())


def _short() -> Q:
    return Q(top_up=None) | Q(top_up__amount_micro__lt=F("batch__topped_micro"))


def _pay(batch: Batch) -> int:
    paid = 0
    while batch.topped_micro and (some := _pay_some(batch)):
        paid += some
    return paid


def _pay_some(batch: Batch) -> int:
    """Under the locks that settling takes, so that either finds what the other has done."""
    due = list(
        Answer.objects.filter(_short(), batch=batch).only("seq", "worker_id", "project_id").order_by("seq")[:MOST]
    )
    if not due:
        return 0
    lock_records(due)
    waits, known = still_waits(due), TopUp.objects.in_bulk([answer.pk for answer in due])
    rows = [known.get(a.pk) or TopUp(answer=a, worker_id=a.worker_id, amount_micro=0) for a in due]
    paid = sum(batch.topped_micro - row.amount_micro for row in rows)
    transfers = [_raise(row, batch, waits=row.answer_id in waits) for row in rows]
    changed = ["amount_micro", "waiting_micro", "paid_at"]
    TopUp.objects.bulk_create(rows, update_conflicts=True, unique_fields=["answer"], update_fields=changed)
    post_many(transfers)
    return paid


def _raise(row: TopUp, batch: Batch, *, waits: bool) -> Transfer:
    """To what the batch is topped up by now; where the base of its answer is."""
    had, more = row.amount_micro, batch.topped_micro - row.amount_micro
    row.amount_micro, row.paid_at = batch.topped_micro, clock.now()
    row.waiting_micro += more * waits
    to = factories.pending_of(row.worker_id) if waits else factories.available_of(row.worker_id)
    return factories.top_up(row.answer_id, batch.pk, to, had, more, batch.currency)
