"""What an outcome does to the ledger, as transfers to post. Pure.

Whatever the rail did with money, the float follows it: after any of these, our provider_float of a reference equals the rail's statement
of it. Differences to what was asked go to the worker when they are hers (a short payment) and to suspense when they are ours to clear up.
"""

from __future__ import annotations

from ledger.transfers import Leg, Transfer
from ledger.verbs import available_of, cost_of, float_of, funds_of, in_flight_of, moved, suspense_of
from payouts.models import Deposit, Payout
from payouts.providers.base import Paid, Reversed

Settled = Paid | Reversed  # both tell what was moved in the first place


def payout_requested(payout: Payout) -> Transfer:
    legs = moved(available_of(payout.worker_id), in_flight_of(payout.pk), payout.amount_micro)
    return _transfer(payout, "requested", legs)


def payout_paid(payout: Payout, paid: Settled) -> Transfer:
    short = max(0, payout.amount_micro - paid.moved_micro)
    over = max(0, paid.moved_micro - payout.amount_micro)
    legs = [
        *moved(in_flight_of(payout.pk), float_of(payout.provider), payout.amount_micro - short),
        *moved(in_flight_of(payout.pk), available_of(payout.worker_id), short),
        *moved(suspense_of(payout.provider), float_of(payout.provider), over),
        *_fee(payout, paid),
    ]
    return _transfer(payout, "paid", legs)


def payout_failed(payout: Payout) -> Transfer:
    legs = moved(in_flight_of(payout.pk), available_of(payout.worker_id), payout.amount_micro)
    return _transfer(payout, "failed", legs)


def payout_paid_late(payout: Payout, paid: Settled) -> Transfer:
    """She has her money twice, back in her balance and on her phone: suspense carries it until a person has decided."""
    legs = moved(suspense_of(payout.provider), float_of(payout.provider), paid.moved_micro)
    return _transfer(payout, "paid late", [*legs, *_fee(payout, paid)])


def payout_reversed(payout: Payout, back: Reversed) -> Transfer:
    hers = 0 if payout.late else min(back.moved_micro, payout.amount_micro)
    legs = [
        *moved(float_of(payout.provider), available_of(payout.worker_id), hers),
        *moved(float_of(payout.provider), suspense_of(payout.provider), back.moved_micro - hers),
    ]
    return _transfer(payout, "reversed", legs)


def deposit_paid(deposit: Deposit, paid: Settled) -> Transfer:
    """The requester has what the rail really took."""
    legs = moved(float_of(deposit.provider), funds_of(deposit.organisation_id), paid.moved_micro)
    return _transfer(deposit, "paid", [*legs, *_fee(deposit, paid)])


def deposit_reversed(deposit: Deposit, back: Reversed) -> Transfer:
    """A chargeback. The funds may be spent already, so suspense carries it until a person has decided."""
    legs = moved(suspense_of(deposit.provider), float_of(deposit.provider), back.moved_micro)
    return _transfer(deposit, "reversed", legs)


def _fee(order: Payout | Deposit, settled: Settled) -> list[Leg]:
    return moved(cost_of(order.provider), float_of(order.provider), settled.fee_micro)


def _transfer(order: Payout | Deposit, what: str, legs: list[Leg]) -> Transfer:
    kind = "payout" if isinstance(order, Payout) else "deposit"
    note = {"reference": order.reference, kind: str(order.pk)}
    return Transfer(f"{kind}:{order.reference}:{what}", f"{kind} {what}", order.currency, legs, note)
