"""Leases that ran out. A phone may have been without signal, so each keeps its claim until a stated grace is over.

Its slot goes on to somebody else as soon as the batch's spare can pay for both; else it is held until then. So whatever still comes
in time is paid out of the escrow, and no escrow pays twice.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F

from labelling.gold.judge_sittings import judge_sittings
from labelling.models import Batch, BatchItem, Lease
from labelling.work.return_lease import free
from ledger import clock

State = Lease.State


def grace() -> timedelta:
    return timedelta(seconds=settings.LEASE_GRACE_S)


def paid_until(expires_at: datetime) -> datetime:
    """An answer that is sent later than this is not taken any more; she is told with the lease."""
    return expires_at + grace()


def expire_leases(limit: int = 1000) -> int:
    """Returns how many slots went on to somebody else, or ended with their grace. Safe to repeat and to run twice at once."""
    return end_over(limit) + pass_on(limit)


@transaction.atomic
def end_over(limit: int) -> int:
    """Grace is over: nothing can be claimed any more."""
    over = Lease.objects.filter(state__in=(State.LIVE, State.LATE), expires_at__lte=clock.now() - grace())
    leases = list(over.order_by("id").select_for_update(skip_locked=True)[:limit])
    free(leases)
    Lease.objects.filter(pk__in=[lease.pk for lease in leases]).update(state=State.EXPIRED)
    exams = set(
        Batch.objects.filter(pk__in={lease.batch_id for lease in leases}, exam_tasks__gt=0).values_list("pk", flat=True)
    )
    for worker_id, batch_id in sorted(
        {(lease.worker_id, lease.batch_id) for lease in leases if lease.batch_id in exams}
    ):
        judge_sittings(worker_id, batch_id)
    return len(leases)


@transaction.atomic
def pass_on(limit: int) -> int:
    """Slots of items that still want answers, as many as the spare covers."""
    due = Lease.objects.filter(state=State.LIVE, expires_at__lte=clock.now(), batch_item__state=BatchItem.State.OPEN)
    due = due.filter(batch__state=Batch.State.OPEN, batch__spare__gt=0).order_by("id")
    leases = list(due.select_for_update(of=("self",), skip_locked=True)[:limit])
    chosen = _covered(leases) if leases else []
    free(chosen)
    Lease.objects.filter(pk__in=[lease.pk for lease in chosen]).update(state=State.LATE)
    return len(chosen)


def _covered(leases: list[Lease]) -> list[Lease]:
    """Those that the spare of their batch pays for, which is taken out of it. Locks as everywhere: leases, items, batches."""
    items = BatchItem.objects.filter(pk__in=[lease.batch_item_id for lease in leases], state=BatchItem.State.OPEN)
    still_open = set(items.order_by("id").select_for_update().values_list("pk", flat=True))
    by_batch: dict[int, list[Lease]] = defaultdict(list)
    for lease in leases:
        if lease.batch_item_id in still_open:
            by_batch[lease.batch_id].append(lease)
    chosen: list[Lease] = []
    batches = Batch.objects.filter(pk__in=by_batch, state=Batch.State.OPEN).order_by("id")
    for batch in batches.select_for_update(no_key=True):
        covered = by_batch[batch.pk][: batch.spare]
        Batch.objects.filter(pk=batch.pk).update(spare=F("spare") - len(covered))
        chosen += covered
    return chosen
