"""Hand a lease back: skip or report. Both are free; the slot goes to the front of the queue."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from django.db import transaction
from django.db.models import F

from kernel.errors import Conflict, DomainError
from kernel.texts import is_text
from labelling.access import get_lease_for
from labelling.batches import queue
from labelling.batches.reserve import give_back_gold
from labelling.content_reports import report_content
from labelling.gold.judge_sittings import judge_sittings
from labelling.models import Batch, Lease, WorkerRecord
from labelling.work.time_besides import add_returned
from people.actions.say_languages import cannot_read
from people.models import Worker

REASONS = ("broken", "unclear", "offensive", "disturbing", "personal", "language", "other")
CANNOT_READ, NOT_ANNOUNCED = "language", "disturbing"
MAX_REASON = 1000


@transaction.atomic
def skip_lease(worker: Worker, lease_id, active_ms: int = 0) -> Lease:
    """active_ms: how long she had it before her, by her phone."""
    return _hand_back(worker, lease_id, Lease.State.SKIPPED, "", active_ms)


@transaction.atomic
def report_lease(worker: Worker, lease_id, reason: str, comment: str = "", active_ms: int = 0) -> Lease:
    """Say that something is wrong with the task itself."""
    if reason not in REASONS:
        raise DomainError("reason must be one of {choices}.", field="reason", said={"choices": ", ".join(REASONS)})
    if not is_text(comment, MAX_REASON, least=0):
        raise DomainError(
            "comment must be text of at most {most} characters.", field="comment", said={"most": MAX_REASON}
        )
    lease = _hand_back(worker, lease_id, Lease.State.REPORTED, f"{reason}: {comment.strip()}".strip(": "), active_ms)
    if reason == CANNOT_READ:
        cannot_read(worker, lease.batch.project.language)
    if reason == NOT_ANNOUNCED:
        report_content(lease)
    return lease


def _hand_back(worker: Worker, lease_id, state: str, reason: str, active_ms: int) -> Lease:
    """Safe to repeat; an answered lease stays answered."""
    lease = get_lease_for(worker, lease_id)
    if lease.state == Lease.State.ANSWERED:
        raise Conflict("This task is answered already: its receipt stands.", field="lease", code="answered")
    add_returned(worker, lease, active_ms)
    free([lease])
    if lease.state != state:
        lease.state, lease.report_reason = state, reason
        lease.save(update_fields=["state", "report_reason"])
        column = "skips" if state == Lease.State.SKIPPED else "reports"
        record, _ = WorkerRecord.objects.get_or_create(worker=worker, project_id=lease.batch.project_id)
        WorkerRecord.objects.filter(pk=record.pk).update(**{column: F(column) + 1})
        if lease.batch.exam_tasks:
            judge_sittings(worker.pk, lease.batch_id)
    return lease


def free(leases: Iterable[Lease]) -> None:
    """What these leases, locked and not answered, hold goes back: the slot of an item, a known task, or the batch's spare.

    The caller writes their new state.
    """
    live = [lease for lease in leases if lease.state == Lease.State.LIVE]
    late = Counter(lease.batch_id for lease in leases if lease.state == Lease.State.LATE)
    queue.give_back([lease.batch_item_id for lease in live if lease.batch_item_id is not None])
    _add_spare(late)
    give_back_gold(Counter(lease.batch_id for lease in live if lease.batch_item_id is None))


def _add_spare(counts: dict[int, int]) -> None:
    for batch_id, count in sorted(counts.items()):
        Batch.objects.filter(pk=batch_id).update(spare=F("spare") + count)
