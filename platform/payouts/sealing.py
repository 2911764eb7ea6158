"""Phone numbers and accounts at rest: encrypted with a key of their own, opened only to send.

Keys: settings.DESTINATION_KEYS, newest first (any text; each is stretched to a Fernet key). Old keys still open, new ones seal.
"""

from __future__ import annotations

import base64
import hashlib

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings


def seal(plain: str) -> bytes:
    return _box().encrypt(plain.encode())


def open_sealed(sealed: bytes) -> str:
    return _box().decrypt(sealed).decode()


def _box() -> MultiFernet:
    return MultiFernet([Fernet(_stretched(key)) for key in settings.DESTINATION_KEYS])


def _stretched(key: str) -> bytes:
    return base64.urlsafe_b64encode(hashlib.sha256(b"ilima payout destination:" + key.encode()).digest())
