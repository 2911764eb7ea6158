"""Celery wakes the verbs; beat wakes them anyway. Each task may run twice, late, or beside itself."""

from __future__ import annotations

import logging

from celery import shared_task
from django.conf import settings

from payouts import sightings
from payouts.actions import sweep
from payouts.actions.look_up_order import look_up_order
from payouts.actions.send_order import send_order
from payouts.models import Deposit, Payout, RailOrder
from payouts.outcomes import Orders
from payouts.providers import get_provider
from payouts.reconciliation import mend

log = logging.getLogger(__name__)


@shared_task
def send_due_payouts() -> int:
    return sweep.send_due()


@shared_task
def sweep_unknown() -> int:
    return sweep.sweep_unknown()


@shared_task
def forget_sightings() -> int:
    return sightings.forget_old()


@shared_task
def reconcile_books() -> int:
    """Once a day: mend what a look-up can mend; returns the differences that stay, each logged for a person."""
    stay = [difference for name in settings.PAYOUT_PROVIDERS for difference in mend(get_provider(name)).differences]
    for difference in stay:
        log.error("the rail's books and ours differ: %s", difference)
    return len(stay)


@shared_task
def advance_order(kind: str, order_id: str) -> str:
    """Send an order that is new, look up any other; returns its state."""
    order: Orders = Payout.objects.get(pk=order_id) if kind == "payout" else Deposit.objects.get(pk=order_id)
    work = send_order if order.state == RailOrder.State.CREATED else look_up_order
    return work(order).state
