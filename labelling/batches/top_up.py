"""A batch whose tasks take people longer than its requester thought is topped up, as far as she agreed to when it opened.

Its base was promised and never changes. So much as it lacks to the floor by the measured time is paid on top of it, for answers given
before as well, out of its escrow, where the whole ceiling was set aside for every answer that can come. What was once topped up stays.
"""

from __future__ import annotations

from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Coalesce

from labelling.batches.measured import measured_ms
from labelling.batches.wage_floor import floor_micro
from labelling.models import Answer, Batch, TopUp
from ledger import clock, factories
from ledger.models import Transfer
from ledger.posting import post_many
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
    if not batch.top_up_micro or Transfer.objects.filter(key=f"close:{batch.pk}:0").exists():
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
    short = (
        Answer.objects.filter(_short(), batch=batch).annotate(had=Coalesce("top_up__amount_micro", 0)).order_by("seq")
    )
    due = list(short.values_list("pk", "worker", "had")[:MOST])
    now, topped = clock.now(), batch.topped_micro
    rows = [TopUp(answer_id=pk, worker_id=worker, amount_micro=topped, paid_at=now) for pk, worker, _ in due]
    TopUp.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["answer"], update_fields=["amount_micro", "paid_at"]
    )
    if due:
        post_many(
            [factories.top_up(pk, batch.pk, worker, had, topped - had, batch.currency) for pk, worker, had in due]
        )
    return sum(topped - had for *_, had in due)
