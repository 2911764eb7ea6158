"""How many one-time codes may be sent, and how many passwords tried.

A stranger's network has its own budget for an address, and what strangers together may do to an address has a ceiling. Neither
is asked on a device where she has signed in before, which has a budget of its own: nobody can lock somebody else out of there.
"""

from __future__ import annotations

from django.http import HttpRequest

from people.budgets import HOUR_S, MINUTE_S, Budget, Taken, take
from people.devices import known_device
from people.network import network_of

CODES_TO_AN_ADDRESS = 5  # an hour, from one network or one device
CODES_FROM_A_NETWORK = 20  # an hour
CODES_OF_STRANGERS = 15  # an hour to one address, whatever networks they use
PASSWORDS_AT_AN_ADDRESS = 5  # wrong ones in five minutes, from one network or one device
PASSWORDS_FROM_A_NETWORK = 50  # wrong ones in five minutes
PASSWORDS_OF_STRANGERS = 50  # wrong ones an hour at one address, whatever networks they use


def take_code(request: HttpRequest, address: str) -> int:
    """Count one code. 0: it may be sent; else the seconds until the next may be, and nothing was counted."""
    return take(code_budgets(address, network_of(request), known_device(request, address))).wait_s


def take_password(request: HttpRequest, address: str) -> Taken:
    """Count one password before it is looked at; a right one is given back."""
    return take(password_budgets(address, network_of(request), known_device(request, address)))


def code_budgets(address: str, network: str, device: str | None = None) -> list[Budget]:
    if device:
        return [Budget("code on a device", (address, device), CODES_TO_AN_ADDRESS, HOUR_S)]
    return [
        Budget("code", (address, network), CODES_TO_AN_ADDRESS, HOUR_S),
        Budget("code from", (network,), CODES_FROM_A_NETWORK, HOUR_S),
        Budget("code of strangers", (address,), CODES_OF_STRANGERS, HOUR_S),
    ]


def password_budgets(address: str, network: str, device: str | None = None) -> list[Budget]:
    if device:
        return [Budget("password on a device", (address, device), PASSWORDS_AT_AN_ADDRESS, 5 * MINUTE_S)]
    return [
        Budget("password", (address, network), PASSWORDS_AT_AN_ADDRESS, 5 * MINUTE_S),
        Budget("password from", (network,), PASSWORDS_FROM_A_NETWORK, 5 * MINUTE_S),
        Budget("password of strangers", (address,), PASSWORDS_OF_STRANGERS, HOUR_S),
    ]
