"""The state table of a rail order: what an outcome makes of it, and what must be posted. Pure.

    from \\ rail says   pending   paid            failed     reversed          not found / unknown
    open               sent      paid            failed     paid, reversed    unknown
    failed             -         paid late !     -          alarm             -
    paid               -         -               alarm      reversed          -
    reversed           -         -               -          -                 -

Nothing else is possible; a dash changes nothing. Marks in the past only ever get new transfers on top.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from ledger.transfers import Transfer
from payouts import money
from payouts.models import Deposit, Payout, RailOrder
from payouts.providers.base import Failed, NotFound, Outcome, Paid, Pending, Reversed, Unknown

State = RailOrder.State
Orders = Payout | Deposit


@dataclass(frozen=True)
class Step:
    """The new state, the fields that change with it, and the transfers to post."""

    state: str
    transfers: list[Transfer] = field(default_factory=list)
    fields: dict[str, object] = field(default_factory=dict)


def step(order: Orders, outcome: Outcome) -> Step | None:
    """What `outcome` makes of `order`; None when it changes nothing."""
    if isinstance(outcome, Paid | Reversed) and outcome.moved_micro <= 0:
        outcome = Unknown("the rail says paid, but that it moved nothing")
    if order.state in RailOrder.OPEN:
        return _from_open(order, outcome)
    if order.state == State.FAILED:
        return _from_failed(order, outcome)
    if order.state == State.PAID:
        return _from_paid(order, outcome)
    return None


def _from_open(order: Orders, outcome: Outcome) -> Step:
    match outcome:
        case Pending():
            return Step(State.SENT)
        case NotFound():
            return Step(State.UNKNOWN, fields={"code": "the rail does not know it"})
        case Unknown(reason):
            return Step(State.UNKNOWN, fields={"code": reason[:200]})
        case Failed(code):
            return Step(State.FAILED, _failed(order), {"code": code})
        case Paid():
            return Step(State.PAID, [_paid(order, outcome)], _moved(order, outcome))
        case _:
            both = [_paid(order, outcome), _reversed(order, outcome)]
            return Step(State.REVERSED, both, {**_moved(order, outcome), "alarm": "The rail paid and took it back."})


def _from_failed(order: Orders, outcome: Outcome) -> Step | None:
    if isinstance(outcome, Reversed):
        return Step(State.FAILED, fields={"alarm": "The rail said failed, then paid, then took it back."})
    if not isinstance(outcome, Paid):
        return None
    posted = money.payout_paid_late(order, outcome) if isinstance(order, Payout) else money.deposit_paid(order, outcome)
    fields = {**_moved(order, outcome), "late": True, "alarm": "The rail paid after it had said failed."}
    return Step(State.PAID, [posted], fields)


def _from_paid(order: Orders, outcome: Outcome) -> Step | None:
    if isinstance(outcome, Reversed):
        return Step(State.REVERSED, [_reversed(order, outcome)], {"alarm": "The rail paid and took it back."})
    if isinstance(outcome, Failed):
        return Step(State.PAID, fields={"alarm": "The rail says failed after it had said paid."})
    return None


def _failed(order: Orders) -> list[Transfer]:
    return [money.payout_failed(order)] if isinstance(order, Payout) else []


def _paid(order: Orders, outcome: Paid | Reversed) -> Transfer:
    return money.payout_paid(order, outcome) if isinstance(order, Payout) else money.deposit_paid(order, outcome)


def _reversed(order: Orders, outcome: Reversed) -> Transfer:
    return (
        money.payout_reversed(order, outcome) if isinstance(order, Payout) else money.deposit_reversed(order, outcome)
    )


def _moved(order: Orders, outcome: Paid | Reversed) -> dict[str, object]:
    fields: dict[str, object] = {"moved_micro": outcome.moved_micro, "receipt": outcome.receipt, "code": ""}
    if outcome.moved_micro != order.amount_micro:
        fields["alarm"] = f"The rail moved {outcome.moved_micro} micro-units instead of {order.amount_micro}."
    return fields
