"""Which addresses are public: a list of our own, because the interpreter's `is_global` says something else in each version.

IPv4: all but IANA's special-purpose registry, multicast, and what clouds answer on only inside. IPv6: only what is given out to networks
(2000::/3), less what IANA keeps for special purposes, and nothing that carries an IPv4 address within.
Registries as of November 2026: iana.org/assignments/iana-ipv4-special-registry and iana-ipv6-special-registry.
"""

from __future__ import annotations

import ipaddress

_INSIDE_4 = [
    "0.0.0.0/8",  # this network
    "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16",  # private
    "100.64.0.0/10",  # shared with a carrier; Alibaba's metadata
    "127.0.0.0/8",  # this machine
    "169.254.0.0/16",  # link-local; the metadata of most clouds
    "192.0.0.0/24",  # protocol assignments; Oracle's metadata
    "192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24",  # documentation
    "192.31.196.0/24", "192.175.48.0/24",  # AS112
    "192.52.193.0/24",  # AMT
    "192.88.99.0/24",  # 6to4 relays
    "198.18.0.0/15",  # benchmarks
    "224.0.0.0/4", "240.0.0.0/4",  # multicast, reserved, broadcast
    "168.63.129.16/32",  # Azure's wire server
    "161.26.0.0/16", "166.8.0.0/14",  # IBM Cloud's own services
]  # fmt: skip
_GIVEN_OUT_6 = ipaddress.IPv6Network("2000::/3")
_INSIDE_6 = [
    "2001::/23",  # protocol assignments: Teredo, ORCHID, AMT, AS112, benchmarks
    "2001:db8::/32", "3fff::/20",  # documentation
    "2002::/16",  # 6to4
    "2620:4f:8000::/48",  # AS112
    "3ffe::/16",  # the 6bone that was
]  # fmt: skip
_ISATAP = (0x00005EFE, 0x02005EFE)  # before an IPv4 address at the end, whatever the network

_NETWORKS_4 = [ipaddress.IPv4Network(network) for network in _INSIDE_4]
_NETWORKS_6 = [ipaddress.IPv6Network(network) for network in _INSIDE_6]


def is_public(address: str) -> bool:
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv4Address):
        return not any(ip in network for network in _NETWORKS_4)
    if ip.ipv4_mapped:
        return is_public(str(ip.ipv4_mapped))
    if ip.scope_id is not None or ip not in _GIVEN_OUT_6 or int(ip) >> 32 & 0xFFFFFFFF in _ISATAP:
        return False
    return not any(ip in network for network in _NETWORKS_6)
