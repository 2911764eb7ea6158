"""The signature of a variant's address: over its storage name and the time it ends."""

from __future__ import annotations

import base64
import hashlib
import hmac
import time

from django.conf import settings

PREFIX = "variants/"  # originals lie elsewhere and are never signed
SIGNATURE_BYTES = 16


def signature(name: str, ends: int, secret: str) -> str:
    key = hashlib.sha256(b"intake.signing/1:" + secret.encode()).digest()
    mac = hmac.digest(key, f"{ends}:{name}".encode(), "sha256")[:SIGNATURE_BYTES]
    return base64.urlsafe_b64encode(mac).rstrip(b"=").decode()


def is_signed(name: str, ends: str, given: str) -> bool:
    """Whether the signature is ours and its time has not ended; old keys hold as long as the settings name them."""
    if (
        not name.startswith(PREFIX)
        or not (ends.isascii() and ends.isdigit() and len(ends) < 12)
        or int(ends) < time.time()
    ):
        return False
    secrets = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return any(hmac.compare_digest(signature(name, int(ends), secret).encode(), given.encode()) for secret in secrets)
