"""Marks: equal for equal numbers, devices and networks, and nothing else can be read from them (a keyed hash, HMAC-SHA-256)."""

from __future__ import annotations

import hashlib
import hmac

from django.conf import settings


def mark(kind: str, value: str) -> str:
    """`kind` keeps marks of different things apart. A new LINK_KEY forgets: each number is new once more."""
    return hmac.new(settings.LINK_KEY.encode(), f"{kind}:{value}".encode(), hashlib.sha256).hexdigest()


def mark_of_number(phone: str) -> str:
    return mark("number", phone)
