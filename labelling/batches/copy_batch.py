"""Ask again what a closed batch left open: a new draft on its terms.

A closed batch is not opened again: its answers are settled, its rest has gone back, and its workers can look all of that up as it was.
"""

from __future__ import annotations

from django.db import transaction

from kernel.errors import Conflict
from kernel.say import Ours
from labelling.batches.create_batch import create_batch
from labelling.models import Batch
from people.models import Person


@transaction.atomic
def copy_batch(actor: Person, batch: Batch) -> Batch:
    """A draft with the name, price and answers of a batch that is closed; its deadline is over, and is left out."""
    if batch.state != Batch.State.CLOSED:
        raise Conflict(
            "This batch is {state}: only a closed one is asked again.",
            field="state",
            code="wrong_state",
            said={"state": Ours(batch.state)},
        )
    return create_batch(
        actor,
        batch.project,
        name=batch.name,
        base_micro=batch.base_micro,
        bonus_micro=batch.bonus_micro,
        top_up_micro=batch.top_up_micro,
        keep_open=batch.keep_open,
        min_answers=batch.min_answers,
        max_answers=batch.max_answers,
        lease_s=batch.lease_s,
        pack_s=batch.pack_s,
    )
