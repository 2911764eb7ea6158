"""A requester pauses her batch: no new work is lent until she resumes it. What is out may be answered, and is paid."""

from __future__ import annotations

from django.db import transaction

from kernel.errors import Conflict
from kernel.say import Ours
from labelling.models import Batch
from ledger import clock
from people.audit import record
from people.models import Person


@transaction.atomic
def pause_batch(actor: Person, batch: Batch) -> Batch:
    """`batch` is locked by the caller. Safe to repeat. Its deadline goes on, and so does what decides its answers."""
    if batch.state != Batch.State.OPEN:
        raise Conflict(
            "This batch is {state}: only an open batch can be paused.",
            field="state",
            code="wrong_state",
            said={"state": Ours(batch.state)},
        )
    if batch.stopped_at is None:
        batch.stopped_at = clock.now()
        batch.save(update_fields=["stopped_at"])
        record(actor, "batch.stop", batch)
    return batch
