"""Close a batch. What is left goes back in refund_batch.py."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from delivery.outbox import emit
from kernel.errors import Conflict
from kernel.say import Ours
from labelling.models import Batch, BatchItem
from ledger import clock
from people.audit import record
from people.models import Person


@transaction.atomic
def close_batch(actor: Person | None, batch: Batch) -> Batch:
    """Take it off offer. Open leases may still be answered and are paid; what nothing can claim goes back to the funds."""
    [locked] = _lock_to_close([batch.pk])
    if locked.state != Batch.State.OPEN:
        raise Conflict(
            "This batch is {state}: only an open batch can be closed.",
            field="state",
            code="wrong_state",
            said={"state": Ours(locked.state)},
        )
    return _close(actor, locked)


@transaction.atomic
def close_batches(actor: Person | None, batch_ids: Sequence[int]) -> int:
    """Those of them that are open; returns how many."""
    return len([_close(actor, batch) for batch in _lock_to_close(batch_ids) if batch.state == Batch.State.OPEN])


def _lock_to_close(batch_ids: Sequence[int]) -> list[Batch]:
    """Items, then their batches, each in ascending order, as deciding does: so a caller that holds a batch holds its open items, too."""
    items = BatchItem.objects.filter(batch__in=batch_ids, state=BatchItem.State.OPEN).order_by("id")
    list(items.select_for_update(of=("self",)).values_list("pk", flat=True))
    batches = Batch.objects.filter(pk__in=batch_ids).select_related("project").order_by("id")
    return list(batches.select_for_update(of=("self",)))


def _close(actor: Person | None, batch: Batch) -> Batch:
    BatchItem.objects.filter(batch=batch, state=BatchItem.State.OPEN).update(state=BatchItem.State.DONE)
    batch.state, batch.closed_at = Batch.State.CLOSED, clock.now()
    batch.save(update_fields=["state", "closed_at"])
    emit("batch.closed", {"batch": batch.pk, "project": batch.project_id})
    record(actor, "batch.close", batch)
    return batch
