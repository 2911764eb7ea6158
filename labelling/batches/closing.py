"""What becomes of a batch that is closed now. Reading only: it is told before she says yes."""

from __future__ import annotations

from dataclasses import dataclass

from kernel.errors import Conflict
from kernel.say import Ours
from labelling.batches.claims import claimed_micro, leases_out
from labelling.models import Batch, BatchItem
from ledger.factories import escrow_of
from ledger.posting import balance


@dataclass(frozen=True)
class Closing:
    """undecided: items that go off offer before they are decided. returned_micro: free at once, but for what is owed; claimable_micro:
    kept for who may still answer, is still paid, or may appeal: what of it nobody takes comes back later."""

    undecided: int
    leases_out: int
    unsettled_answers: int
    returned_micro: int
    claimable_micro: int
    currency: str


def closing_of(batch: Batch) -> Closing:
    if batch.state != Batch.State.OPEN:
        raise Conflict(
            "This batch is {state}: only an open batch can be closed.",
            field="state",
            code="wrong_state",
            said={"state": Ours(batch.state)},
        )
    held, claimable = balance(escrow_of(batch.pk), batch.currency), claimed_micro(batch)
    return Closing(
        undecided=BatchItem.objects.filter(batch=batch, state=BatchItem.State.OPEN).count(),
        leases_out=leases_out(batch).count(),
        unsettled_answers=batch.answers.filter(settlement=None).count(),
        returned_micro=max(0, held - claimable),
        claimable_micro=min(held, claimable),
        currency=batch.currency,
    )
