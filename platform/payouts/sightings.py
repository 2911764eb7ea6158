"""Where a payout was asked from: marks of the device and of the network, kept 90 days. No address and no name of a device is stored."""

from __future__ import annotations

from datetime import timedelta
from ipaddress import ip_address, ip_network

from ledger import clock
from payouts.marks import mark
from payouts.models import Sighting
from people.devices import device_of
from people.models import Worker
from people.network import NOWHERE, address_of

KEPT = timedelta(days=90)
PREFIX = {4: 24, 6: 64}


def note(worker: Worker, request) -> None:
    seen = {Sighting.Kind.DEVICE: device_of(request), Sighting.Kind.NETWORK: _network(request)}
    for kind, value in seen.items():
        if value:
            Sighting.objects.update_or_create(
                worker=worker, kind=kind, mark=mark(kind, value), defaults={"last_at": clock.now()}
            )


def forget_old() -> int:
    return Sighting.objects.filter(last_at__lt=clock.now() - KEPT).delete()[0]


def _network(request) -> str:
    """The neighbourhood of an address, as a home or a village shares one. A socket of this machine is none."""
    text = address_of(request)
    if text == NOWHERE:
        return ""
    address = ip_address(text)
    return str(ip_network((address, PREFIX[address.version]), strict=False))
