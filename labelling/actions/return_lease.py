"""Hand a lease back: skip, report, or let it expire. All are free; the slot goes to the front of the queue."""

from __future__ import annotations

from django.db import connection, transaction
from django.db.models import F

from labelling.access import get_lease_for
from labelling.models import Lease, WorkerRecord
from ledger import clock
from people.models import Worker
from people.refusals import Conflict, Refusal
from people.texts import is_text

REASONS = ("broken", "unclear", "offensive", "personal", "other")
MAX_REASON = 1000

# The same lock order as in accept_answers: leases, then batch items ascending.
_RELEASE = """
WITH hot AS (
    SELECT id FROM labelling_batchitem WHERE id = ANY(%s) ORDER BY id FOR UPDATE
)
UPDATE labelling_batchitem bi
   SET taken = bi.taken - 1, need = greatest(bi.need, 1), ticket = nextval('labelling_ticket_seq')
  FROM hot WHERE bi.id = hot.id AND bi.taken > bi.counted
"""


@transaction.atomic
def skip_lease(worker: Worker, lease_id) -> Lease:
    return _hand_back(worker, lease_id, Lease.State.SKIPPED, "")


@transaction.atomic
def report_lease(worker: Worker, lease_id, reason: str, comment: str = "") -> Lease:
    """Say that something is wrong with the task itself."""
    if reason not in REASONS:
        raise Refusal(f"reason must be one of {', '.join(REASONS)}.", field="reason")
    if not is_text(comment, MAX_REASON, least=0):
        raise Refusal(f"comment must be text of at most {MAX_REASON} characters.", field="comment")
    return _hand_back(worker, lease_id, Lease.State.REPORTED, f"{reason}: {comment.strip()}".strip(": "))


def _hand_back(worker: Worker, lease_id, state: str, reason: str) -> Lease:
    """Safe to repeat; an answered lease stays answered."""
    lease = get_lease_for(worker, lease_id)
    if lease.state == Lease.State.ANSWERED:
        raise Conflict("This task is answered already: its receipt stands.", field="lease")
    if lease.state == Lease.State.LIVE:
        _release([lease.batch_item_id])
    if lease.state != state:
        lease.state, lease.report_reason = state, reason
        lease.save(update_fields=["state", "report_reason"])
        column = "skips" if state == Lease.State.SKIPPED else "reports"
        record, _ = WorkerRecord.objects.get_or_create(worker=worker, project_id=lease.batch.project_id)
        WorkerRecord.objects.filter(pk=record.pk).update(**{column: F(column) + 1})
    return lease


@transaction.atomic
def expire_leases(limit: int = 1000) -> int:
    """Take back what was not answered in time; returns how many. An answer that still comes is taken if it is needed."""
    due = Lease.objects.filter(state=Lease.State.LIVE, expires_at__lt=clock.now()).order_by("id")
    leases = list(due.select_for_update(skip_locked=True)[:limit])
    Lease.objects.filter(pk__in=[lease.pk for lease in leases]).update(state=Lease.State.EXPIRED)
    _release([lease.batch_item_id for lease in leases])
    return len(leases)


def _release(batch_item_ids: list[int | None]) -> None:
    """One slot a mention: an item of which two leases ran out gets two back."""
    counted = [i for i in batch_item_ids if i is not None]
    while counted:
        once = sorted(set(counted))
        with connection.cursor() as cursor:
            cursor.execute(_RELEASE, [once])
        for batch_item_id in once:
            counted.remove(batch_item_id)
