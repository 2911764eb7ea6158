"""Give an order to its rail. The row says "sent" before the first byte leaves, so a crash in between is looked up, never sent blindly."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction

from ledger import clock
from payouts.actions.record_outcome import record_outcome
from payouts.models import RailOrder
from payouts.outcomes import Orders
from payouts.providers import get_provider
from payouts.providers.base import Accepted, Failed, Outcome, Pending, Refused

FIRST_LOOK_UP_S = 30  # longer than one exchange with a rail may take


def send_order(order: Orders) -> Orders:
    """Submit an order that was never submitted; one that was is left alone. Must not be called inside a transaction."""
    if not _mark_sent(order):
        order.refresh_from_db()
        return order
    return submit(order)


def submit(order: Orders) -> Orders:
    """Submit under the fixed reference and record the answer."""
    match get_provider(order.provider).submit(order.as_order()):
        case Accepted():
            said: Outcome = Pending()
        case Refused(code):
            said = Failed(code)
        case unknown:
            said = unknown
    return record_outcome(order, said)


def _mark_sent(order: Orders) -> bool:
    """True for exactly one caller."""
    with transaction.atomic():
        now = clock.now()
        fresh = type(order)._default_manager.filter(pk=order.pk, state=RailOrder.State.CREATED)
        due_at = now + timedelta(seconds=FIRST_LOOK_UP_S)
        return bool(fresh.update(state=RailOrder.State.SENT, sent_at=now, tries=1, next_try_at=due_at))
