"""Give an order to its rail. The row says "sent" before the first byte leaves, so a crash in between is looked up, never sent blindly."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction

from labelling.conduct.holds import hold_of
from ledger import clock
from ledger.factories import available_of
from ledger.reading import balance
from payouts.actions.record_outcome import record_outcome
from payouts.links import hold_for_a_look
from payouts.models import LinkFlag, Payout, RailOrder
from payouts.outcomes import Orders
from payouts.providers import get_provider
from payouts.providers.base import Accepted, Failed, Outcome, Pending, Refused

FIRST_LOOK_UP_S = 30  # longer than one exchange with a rail may take


def send_order(order: Orders) -> Orders:
    """Submit an order that was never submitted; one that was, or that waits, is left alone. Must not be called inside a transaction."""
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
    """True for exactly one caller. A payout whose time has not come, or that a hold has caught up with, is left where it is."""
    with transaction.atomic():
        now = clock.now()
        row = (
            type(order)._default_manager.select_for_update().filter(pk=order.pk, state=RailOrder.State.CREATED).first()
        )
        if row is None or (isinstance(row, Payout) and not _may_go(row)):
            return False
        row.state, row.sent_at, row.tries = RailOrder.State.SENT, now, 1
        row.next_try_at = now + timedelta(seconds=FIRST_LOOK_UP_S)
        row.save(update_fields=["state", "sent_at", "tries", "next_try_at"])
        for name in ("state", "sent_at", "tries", "next_try_at"):
            setattr(order, name, getattr(row, name))
        return True


def _may_go(payout: Payout) -> bool:
    if payout.not_before and payout.not_before > clock.now():
        return False
    if flag := LinkFlag.objects.filter(LinkFlag.open_now(), worker=payout.worker).order_by("-until").first():
        hold_for_a_look(payout, flag.until)
        return False
    hold = hold_of(payout.worker)
    if hold is None or balance(available_of(payout.worker_id), payout.currency) >= hold.kept_micro:
        return True
    hold_for_a_look(payout, hold.until)
    return False
