"""The state table of a rail order: what an outcome makes of it, and what must be posted. Pure.

    from \\ rail says   pending   paid            failed     reversed          not found / unknown
    open               sent      paid            failed     paid, reversed    unknown
    failed             -         paid late !     -          alarm             -
    paid               -         -               alarm      reversed          -
    reversed           -         -               -          reversed, more    -

Nothing else is possible; a dash changes nothing. Marks in the past only ever get new transfers on top. A part that comes back makes an
order reversed, and each further part is posted as it comes: `returned_micro` says how much it was in all.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from ledger.transfers import Transfer
from payouts import money
from payouts.models import Deposit, Payout, RailOrder
from payouts.money import NOTHING, Requester
from payouts.providers.base import Failed, NotFound, Outcome, Paid, Pending, Reversed, Unknown

State = RailOrder.State
Orders = Payout | Deposit


@dataclass(frozen=True)
class Step:
    """The new state, the fields that change with it, and the transfers to post."""

    state: str
    transfers: list[Transfer] = field(default_factory=list)
    fields: dict[str, object] = field(default_factory=dict)


def step(order: Orders, outcome: Outcome, has: Requester = NOTHING) -> Step | None:
    """What `outcome` makes of `order`; None when it changes nothing. has: of a deposit, what its requester has."""
    if isinstance(outcome, Paid | Reversed) and outcome.moved_micro <= 0:
        outcome = Unknown("the rail says paid, but that it moved nothing")
    if order.state in RailOrder.OPEN:
        return _from_open(order, outcome, has)
    if order.state == State.FAILED:
        return _from_failed(order, outcome, has)
    return _from_paid(order, outcome, has)


def _from_open(order: Orders, outcome: Outcome, has: Requester) -> Step:
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
            return Step(State.PAID, [_paid(order, outcome, has)], _moved(order, outcome))
        case _:
            paid = _paid(order, outcome, has)
            back = _taken_back(
                order, outcome, has if isinstance(order, Payout) else has.after(paid, order.organisation_id)
            )
            return Step(back.state, [paid, *back.transfers], {**_moved(order, outcome), **back.fields})


def _from_failed(order: Orders, outcome: Outcome, has: Requester) -> Step | None:
    if isinstance(outcome, Reversed):
        return Step(State.FAILED, fields={"alarm": "The rail said failed, then paid, then took it back."})
    if not isinstance(outcome, Paid):
        return None
    posted = (
        money.payout_paid_late(order, outcome) if isinstance(order, Payout) else money.deposit_paid(order, outcome, has)
    )
    fields = {**_moved(order, outcome), "late": True, "alarm": "The rail paid after it had said failed."}
    return Step(State.PAID, [posted], fields)


def _from_paid(order: Orders, outcome: Outcome, has: Requester) -> Step | None:
    """Also from reversed: another part may come back."""
    if isinstance(outcome, Reversed) and outcome.returned_micro > order.returned_micro:
        return _taken_back(order, outcome, has)
    if isinstance(outcome, Failed) and order.state == State.PAID:
        return Step(State.PAID, fields={"alarm": "The rail says failed after it had said paid."})
    return None


def _failed(order: Orders) -> list[Transfer]:
    return [money.payout_failed(order)] if isinstance(order, Payout) else []


def _paid(order: Orders, outcome: Paid | Reversed, has: Requester) -> Transfer:
    return money.payout_paid(order, outcome) if isinstance(order, Payout) else money.deposit_paid(order, outcome, has)


def _taken_back(order: Orders, outcome: Reversed, has: Requester) -> Step:
    if not outcome.returned_micro:
        return Step(State.PAID)
    fields = {"alarm": "The rail paid and took it back.", "returned_micro": outcome.returned_micro}
    posted = (
        money.payout_reversed(order, outcome)
        if isinstance(order, Payout)
        else money.deposit_reversed(order, outcome, has)
    )
    return Step(State.REVERSED, [posted], fields)


def _moved(order: Orders, outcome: Paid | Reversed) -> dict[str, object]:
    fields: dict[str, object] = {"moved_micro": outcome.moved_micro, "receipt": outcome.receipt, "code": ""}
    if outcome.moved_micro != order.amount_micro:
        fields["alarm"] = f"The rail moved {outcome.moved_micro} micro-units instead of {order.amount_micro}."
    return fields
