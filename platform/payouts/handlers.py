"""What payouts does when something happened: see docs/architecture.md, "Events"."""

from __future__ import annotations

from delivery.outbox import on
from labelling.actions.recover_escrow import recover_escrow
from payouts import notices
from payouts.models import Deposit


@on("deposit.reversed")
def take_what_is_owed(events: list[dict]) -> None:
    """A charge-back that the funds did not cover: the escrow of open batches follows. Those concerned are told in any case."""
    deposits = Deposit.objects.filter(pk__in=[event["deposit"] for event in events])
    for deposit in deposits.select_related("organisation"):
        recover_escrow(deposit.organisation_id, deposit.currency)
        notices.tell_of_reversal(deposit)
