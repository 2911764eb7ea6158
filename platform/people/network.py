"""Where a request comes from: one answer for every limit, the API's, the sign-in's and the codes'.

`X-Forwarded-For` is believed for as many proxies of ours as TRUSTED_PROXIES says, counted from the right: what a stranger wrote
into it stands further left. A network is one IPv4 address, or the /64 that a provider gives to one customer.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any

from django.conf import settings

NOWHERE = ip_address("0.0.0.0")  # noqa: S104  what came through a socket of this machine
IPV6_PREFIX = 64


def address_of(request) -> str:
    """The client's IP address as the nearest proxy of ours saw it."""
    return str(_address_in(request.META))


def network_of(request) -> str:
    """What strangers are counted by."""
    return network_in(request.META)


def network_in(environ: Mapping[str, Any]) -> str:
    """Before there is a request."""
    address = _address_in(environ)
    return str(address if address.version == 4 else ip_network((address, IPV6_PREFIX), strict=False))


def _address_in(environ: Mapping[str, Any]) -> IPv4Address | IPv6Address:
    proxies, seen = settings.TRUSTED_PROXIES, environ.get("REMOTE_ADDR", "")
    forwarded = [entry for entry in environ.get("HTTP_X_FORWARDED_FOR", "").split(",") if entry.strip()]
    if len(forwarded) >= proxies > 0:
        seen = forwarded[-proxies]
    return _parsed(seen.strip()) or NOWHERE


@lru_cache(maxsize=1024)
def _parsed(text: str) -> IPv4Address | IPv6Address | None:
    try:
        address = ip_address(text.strip("[]"))
    except ValueError:
        return _parsed(text.rpartition(":")[0]) if ":" in text else None  # with a port
    return getattr(address, "ipv4_mapped", None) or address
