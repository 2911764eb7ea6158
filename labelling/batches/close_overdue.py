"""Close the batches whose deadline has passed, so that what nobody earned goes back to the requester."""

from __future__ import annotations

from labelling.batches.close_batch import close_batches
from labelling.models import Batch
from ledger import clock


def close_overdue(limit: int = 100) -> int:
    """Returns how many were closed. Tasks that are lent may still be answered and are paid, as at any closing."""
    due = Batch.objects.filter(state=Batch.State.OPEN, deadline__lte=clock.now()).order_by("deadline", "id")
    return sum(close_batches(None, [batch_id]) for batch_id in list(due.values_list("pk", flat=True)[:limit]))
