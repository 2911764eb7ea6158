"""Celery wakes the verbs; beat wakes them anyway. Each task may run twice, late, or beside itself."""

from __future__ import annotations

from celery import shared_task

from payouts.actions import sweep
from payouts.actions.look_up_order import look_up_order
from payouts.actions.send_order import send_order
from payouts.models import Deposit, Payout, RailOrder


@shared_task
def send_due_payouts() -> int:
    return sweep.send_due()


@shared_task
def sweep_unknown() -> int:
    return sweep.sweep_unknown()


@shared_task
def advance_order(kind: str, order_id: str) -> str:
    """Send an order that is new, look up any other; returns its state."""
    model = {"payout": Payout, "charge": Deposit}[kind]
    order = model.objects.get(pk=order_id)
    work = send_order if order.state == RailOrder.State.CREATED else look_up_order
    return work(order).state
