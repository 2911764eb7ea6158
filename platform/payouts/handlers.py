"""What payouts does when something happened: see docs/architecture.md, "Events"."""

from __future__ import annotations

from delivery.outbox import on
from labelling.batches.recover_escrow import recover_escrow
from payouts import notifications
from payouts.models import Deposit, Payout


@on("deposit.reversed", at_once=1)
def take_what_is_owed(events: list[dict]) -> None:
    """A charge-back that the funds did not cover: the escrow of open batches follows. Those concerned are told in any case."""
    deposits = Deposit.objects.filter(pk__in=[event["deposit"] for event in events])
    for deposit in deposits.select_related("organisation"):
        recover_escrow(deposit.organisation_id, deposit.currency)
        notifications.tell_of_reversal(deposit)


@on("payout.waits")
def tell_that_it_waits(events: list[dict]) -> None:
    """At once, to the address that is known to be hers: if it was not she who asked, she calls it back."""
    for payout in _payouts(events):
        notifications.tell_of_wait(payout)


@on("payout.appealed")
def tell_who_may_end_it(events: list[dict]) -> None:
    for payout in _payouts(events):
        notifications.tell_of_appeal(payout)


@on("accounts.linked")
def tell_who_may_look(events: list[dict]) -> None:
    if events:
        notifications.tell_of_links()


def _payouts(events: list[dict]):
    return Payout.objects.filter(pk__in=[event["payout"] for event in events]).select_related("worker__person")
