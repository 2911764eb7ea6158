"""A requester takes a batch away. docs/decisions/taking-away.md"""

from __future__ import annotations

from django.db import transaction

from kernel.errors import Conflict
from labelling.models import Batch
from ledger import clock
from people.audit import record
from people.models import Person


@transaction.atomic
def remove_batch(actor: Person, batch: Batch) -> None:
    """A draft is deleted, a closed batch leaves the lists. `batch` is locked by the caller."""
    if batch.state == Batch.State.OPEN:
        raise Conflict(
            "This batch is open: close it first, then what it holds comes back to you.",
            field="state",
            code="still_open",
        )
    record(actor, "batch.remove", batch, state=batch.state)
    if batch.state == Batch.State.DRAFT:
        batch.delete()
    elif batch.archived_at is None:
        batch.archived_at = clock.now()
        batch.save(update_fields=["archived_at"])
