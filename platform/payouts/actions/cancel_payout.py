"""Before it is sent a payout can be called back: by her, or by an admin who looked at it. The money is in her balance again."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from kernel.errors import Conflict
from ledger import clock
from ledger.posting import post_many
from payouts import money
from payouts.access import get_payout_for
from payouts.models import Payout
from people.audit import record
from people.models import Person


@transaction.atomic
def cancel_payout(actor: Person, payout_id: UUID) -> Payout:
    """Safe to repeat. What was sent can only come back by the rail's word."""
    payout = get_payout_for(actor, payout_id, lock=True)
    if payout.state == Payout.State.CANCELLED:
        return payout
    if payout.state != Payout.State.CREATED:
        raise Conflict("This payout was sent already: it cannot be called back.", code="sent")
    payout.state, payout.next_try_at, payout.finished_at = Payout.State.CANCELLED, None, clock.now()
    payout.save(update_fields=["state", "next_try_at", "finished_at"])
    record(actor, "payouts.cancel_payout", payout, amount_micro=payout.amount_micro)
    post_many([money.payout_cancelled(payout)])
    return payout
