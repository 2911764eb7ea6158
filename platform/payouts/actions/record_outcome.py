"""Write down what the rail said: one row lock, one step of the state table, its transfers, one transaction."""

from __future__ import annotations

import logging

from django.db import transaction

from delivery.outbox import emit
from ledger import clock
from ledger.factories import debt_of, funds_of
from ledger.posting import locked, post_many
from payouts import money
from payouts.models import Deposit, RailOrder
from payouts.money import NOTHING, Requester
from payouts.outcomes import Orders, step
from payouts.providers.base import Outcome, Paid, Reversed
from people.audit import record

log = logging.getLogger(__name__)


@transaction.atomic
def record_outcome(order: Orders, outcome: Outcome) -> Orders:
    """The order as it now stands. Safe to repeat, in any order, from any number of processes."""
    row = type(order)._default_manager.select_for_update().get(pk=order.pk)
    taken = step(row, outcome, _requester(row, outcome))
    if taken is None:
        return row
    is_news = row.state != taken.state or (taken.transfers and taken.state == RailOrder.State.REVERSED)
    row.state = taken.state
    for name, value in taken.fields.items():
        setattr(row, name, value)
    if row.state not in RailOrder.OPEN:
        row.next_try_at, row.finished_at = None, row.finished_at or clock.now()
    moved = {"state", "next_try_at", "finished_at", *taken.fields}
    row.save(update_fields=moved)  # the rest stands as it was ordered
    post_many(taken.transfers)
    if is_news:
        _tell(row)
    if row.state == RailOrder.State.REVERSED and taken.transfers:
        record(None, f"payouts.{row._meta.model_name}_reversed", row, returned_micro=row.returned_micro)
    return row


def _requester(order: Orders, outcome: Outcome) -> Requester:
    """What the requester of a deposit has, locked where money will move: nobody spends what a charge-back takes."""
    if not isinstance(order, Deposit) or not isinstance(outcome, Paid | Reversed):
        return NOTHING
    held = locked(money.accounts_of(order), order.currency)
    funds, debt = funds_of(order.organisation_id), debt_of(order.organisation_id)
    return Requester(held[funds], -held[debt])


def _whose(order: Orders) -> dict[str, int]:
    return {"organisation": order.organisation_id} if isinstance(order, Deposit) else {"worker": order.worker_id}


def _tell(order: Orders) -> None:
    if order.alarm:
        log.error("rail order %s is %s: %s", order.reference, order.state, order.alarm)
    if order.state not in RailOrder.OPEN:
        what = "payout" if order.kind == "payout" else "deposit"
        told = {what: str(order.pk), "amount_micro": order.amount_micro, "currency": order.currency}
        emit(f"{what}.{order.state}", told | _whose(order))
