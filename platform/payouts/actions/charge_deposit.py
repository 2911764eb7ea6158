"""Charge a deposit while somebody is looking at the page: send it, and ask once how it ended."""

from __future__ import annotations

from typing import cast

from payouts.actions.look_up_order import look_up_order
from payouts.actions.send_order import send_order
from payouts.models import Deposit, RailOrder


def charge_deposit(deposit: Deposit) -> Deposit:
    """The deposit as it stands afterwards; when the rail is slow it is still open and the sweeps go on. Not inside a transaction."""
    sent = cast(Deposit, send_order(deposit))
    return cast(Deposit, look_up_order(sent)) if sent.state in (RailOrder.State.SENT, RailOrder.State.UNKNOWN) else sent
