"""A device that she signed in on before is known: what strangers do against her address is not counted there.

A signed cookie, out of reach of scripts: a name for the device and a hash of each address that signed in on it. It opens nothing.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from people.models import Person

SALT = "people.devices"
MAX_ADDRESSES = 12  # a family's phone
YEAR_S = 365 * 86_400


def known_device(request: HttpRequest, address: str) -> str | None:
    """The device's name, when the owner of that address has signed in on it."""
    held = _read(request)
    return held["device"] if _hash(address) in held["knows"] else None


def device_of(request: HttpRequest) -> str | None:
    """The device's name, when somebody has signed in on it; nothing for a program, or a browser that keeps no cookies."""
    return _read(request)["device"] if settings.DEVICE_COOKIE_NAME in request.COOKIES else None


def remember_devices(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: whoever has just signed in (people.signals says so) is known on this device from now on."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if person := getattr(request, "has_signed_in", None):
            _write(request, response, person)
        return response

    return middleware


def _read(request: HttpRequest) -> dict:
    try:
        return signing.loads(request.COOKIES.get(settings.DEVICE_COOKIE_NAME, ""), salt=SALT, max_age=YEAR_S)
    except signing.BadSignature:
        return {"device": secrets.token_urlsafe(12), "knows": []}


def _write(request: HttpRequest, response: HttpResponse, person: Person) -> None:
    held, hers = _read(request), [_hash(address) for address in (person.email, person.phone) if address]
    others = [known for known in held["knows"] if known not in hers]
    value = signing.dumps({"device": held["device"], "knows": (hers + others)[:MAX_ADDRESSES]}, salt=SALT)
    response.set_cookie(
        settings.DEVICE_COOKIE_NAME,
        value,
        max_age=YEAR_S,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _hash(address: str) -> str:
    return hashlib.sha256(f"{settings.SECRET_KEY}:{address.strip().lower()}".encode()).hexdigest()[:32]
