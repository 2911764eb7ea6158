"""Write down what the rail said: one row lock, one step of the state table, its transfers, one transaction."""

from __future__ import annotations

import logging

from django.db import transaction

from delivery.outbox import emit
from ledger import clock
from ledger.posting import post_many
from payouts.models import RailOrder
from payouts.outcomes import Orders, step
from payouts.providers.base import Outcome

log = logging.getLogger(__name__)


@transaction.atomic
def record_outcome(order: Orders, outcome: Outcome) -> Orders:
    """The order as it now stands. Safe to repeat, in any order, from any number of processes."""
    locked = type(order)._default_manager.select_for_update().get(pk=order.pk)
    taken = step(locked, outcome)
    if taken is None:
        return locked
    was = locked.state
    locked.state = taken.state
    for name, value in taken.fields.items():
        setattr(locked, name, value)
    if locked.state not in RailOrder.OPEN:
        locked.next_try_at, locked.finished_at = None, locked.finished_at or clock.now()
    locked.save()
    post_many(taken.transfers)
    if locked.state != was:
        _tell(locked)
    return locked


def _tell(order: Orders) -> None:
    if order.alarm:
        log.error("rail order %s is %s: %s", order.reference, order.state, order.alarm)
    if order.state not in RailOrder.OPEN:
        what = "payout" if order.kind == "payout" else "deposit"
        emit(
            f"{what}.{order.state}",
            {what: str(order.pk), "amount_micro": order.amount_micro, "currency": order.currency},
        )
