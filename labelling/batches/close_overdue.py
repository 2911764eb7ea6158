"""Close the batches whose deadline has passed, so that what nobody earned goes back to the requester."""

from __future__ import annotations

from django.db import transaction

from labelling.batches.open_batch import close_batch
from labelling.models import Batch
from ledger import clock


def close_overdue(limit: int = 100) -> int:
    """Returns how many were closed. Tasks that are lent may still be answered and are paid, as at any closing."""
    due = Batch.objects.filter(state=Batch.State.OPEN, deadline__lte=clock.now()).order_by("deadline", "id")
    return sum(_close(batch_id) for batch_id in list(due.values_list("pk", flat=True)[:limit]))


@transaction.atomic
def _close(batch_id: int) -> bool:
    """False when somebody else is closing it just now."""
    batch = Batch.objects.select_for_update(skip_locked=True).filter(pk=batch_id, state=Batch.State.OPEN).first()
    if batch is not None:
        close_batch(None, batch)
    return batch is not None
