"""What an outcome does to the ledger, as transfers to post. Pure.

Whatever the rail did with money, the float follows it: after any of these, our provider_float of a reference equals the rail's statement
of it. Differences to what was asked go to the worker when they are hers (a short payment) and to suspense when they are ours to clear up.
"""

from __future__ import annotations

from dataclasses import dataclass

from ledger.factories import (
    available_of,
    cost_of,
    debt_of,
    float_of,
    funds_of,
    in_flight_of,
    moved,
    paid_in,
    suspense_of,
)
from ledger.transfers import AccountRef, Leg, Transfer
from payouts.models import Deposit, Payout
from payouts.providers.base import Paid, Reversed

Settled = Paid | Reversed  # both tell what was moved in the first place


@dataclass(frozen=True)
class Requester:
    """What a requester has free and what she owes, read under the locks under which the transfer is posted."""

    funds_micro: int = 0
    owed_micro: int = 0

    def after(self, transfer: Transfer, organisation_id: int) -> Requester:
        moved_micro = transfer.amounts.get
        return Requester(
            self.funds_micro + moved_micro(funds_of(organisation_id), 0),
            self.owed_micro - moved_micro(debt_of(organisation_id), 0),
        )


NOTHING = Requester()


def accounts_of(deposit: Deposit) -> list[AccountRef]:
    """Every account that an outcome of a deposit may touch."""
    organisation_id, provider = deposit.organisation_id, deposit.provider
    return [funds_of(organisation_id), debt_of(organisation_id), float_of(provider), cost_of(provider)]


def accounts_to_request(payout: Payout) -> list[AccountRef]:
    return [available_of(payout.worker_id), in_flight_of(payout.pk)]


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


def payout_cancelled(payout: Payout) -> Transfer:
    legs = moved(in_flight_of(payout.pk), available_of(payout.worker_id), payout.amount_micro)
    return _transfer(payout, "cancelled", legs)


def payout_paid_late(payout: Payout, paid: Settled) -> Transfer:
    """She has her money twice, back in her balance and on her phone: suspense carries it until a person has decided."""
    legs = moved(suspense_of(payout.provider), float_of(payout.provider), paid.moved_micro)
    return _transfer(payout, "paid late", [*legs, *_fee(payout, paid)])


def payout_reversed(payout: Payout, back: Reversed) -> Transfer:
    """What came back since the last time: hers up to what she had asked for, and not what she has twice already."""
    before, now = payout.returned_micro, back.returned_micro
    hers = 0 if payout.late else min(now, payout.amount_micro) - min(before, payout.amount_micro)
    legs = [
        *moved(float_of(payout.provider), available_of(payout.worker_id), hers),
        *moved(float_of(payout.provider), suspense_of(payout.provider), now - before - hers),
    ]
    return _transfer(payout, _reversed(before, now), legs)


def deposit_paid(deposit: Deposit, paid: Settled, has: Requester) -> Transfer:
    """The requester has what the rail really took, less what she owes."""
    legs = paid_in(float_of(deposit.provider), deposit.organisation_id, paid.moved_micro, has.owed_micro)
    return _transfer(deposit, "paid", [*legs, *_fee(deposit, paid)])


def deposit_reversed(deposit: Deposit, back: Reversed, has: Requester) -> Transfer:
    """A charge-back: what is free is taken, the rest she owes. Escrow that nobody has a claim on follows (collect_debt.py)."""
    came_back = back.returned_micro - deposit.returned_micro
    taken = min(has.funds_micro, came_back)
    legs = [
        *moved(funds_of(deposit.organisation_id), float_of(deposit.provider), taken),
        *moved(debt_of(deposit.organisation_id), float_of(deposit.provider), came_back - taken),
    ]
    return _transfer(deposit, _reversed(deposit.returned_micro, back.returned_micro), legs)


def _reversed(before_micro: int, now_micro: int) -> str:
    """The key of each part: the first, and those after it by how far they go."""
    return f"reversed to {now_micro}" if before_micro else "reversed"


def _fee(order: Payout | Deposit, settled: Settled) -> list[Leg]:
    return moved(cost_of(order.provider), float_of(order.provider), settled.fee_micro)


def _transfer(order: Payout | Deposit, what: str, legs: list[Leg]) -> Transfer:
    kind = "payout" if isinstance(order, Payout) else "deposit"
    note = {"reference": order.reference, kind: str(order.pk)}
    done = "reversed" if what.startswith("reversed") else what
    return Transfer(f"{kind}:{order.reference}:{what}", f"{kind} {done}", order.currency, legs, note)
