"""What beat does with orders that are due: send the new ones, look up the others. Any number of sweeps may run side by side."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from django.db import transaction

from ledger import clock
from payouts.actions.look_up_order import look_up_order
from payouts.actions.send_order import send_order
from payouts.models import Deposit, Payout, RailOrder
from payouts.outcomes import Orders

log = logging.getLogger(__name__)

State = RailOrder.State
BATCH = 100
FIRST_WAIT_S = 30
LONGEST_WAIT_S = 6 * 3600
ALARM_AFTER_TRIES = 20
_MODELS: tuple[type[Payout] | type[Deposit], ...] = (Payout, Deposit)


def send_due(now: datetime | None = None) -> int:
    """Submit every order that nobody has submitted yet; returns how many."""
    return _work_on([State.CREATED], send_order, now or clock.now())


def sweep_unknown(now: datetime | None = None) -> int:
    """Look up every order whose end is not known yet and whose time has come; returns how many."""
    return _work_on([State.SENT, State.UNKNOWN], look_up_order, now or clock.now())


def _work_on(states: Sequence[str], work: Callable[[Orders], Orders], now: datetime) -> int:
    done = 0
    for model in _MODELS:
        while claimed := _claim(model, states, now):
            done += len(claimed)
            for order in claimed:
                _one(work, order)
    return done


def _one(work: Callable[[Orders], Orders], order: Orders) -> None:
    """An order that cannot be worked on must not hold up the others: it is due again later, and logged now."""
    try:
        work(order)
    except Exception:
        log.exception("rail order %s could not be worked on", order.reference)


def _claim(model: type[Payout] | type[Deposit], states: Sequence[str], now: datetime) -> list[Orders]:
    """Take the next due orders for ourselves by pushing their next try into the future; no lock is held while the rail answers."""
    with transaction.atomic():
        due = model.objects.filter(state__in=states, next_try_at__lte=now).select_for_update(skip_locked=True)
        claimed: list[Orders] = list(due.order_by("next_try_at")[:BATCH])
        for order in claimed:
            order.tries += 1
            order.next_try_at = now + timedelta(
                seconds=min(FIRST_WAIT_S * 2 ** min(order.tries - 1, 12), LONGEST_WAIT_S)
            )
            if order.tries >= ALARM_AFTER_TRIES and not order.alarm:
                order.alarm = f"The rail has not said how it ended in {order.tries} tries."
                log.error("rail order %s: %s", order.reference, order.alarm)
            order.save(update_fields=["tries", "next_try_at", "alarm"])
    return claimed
