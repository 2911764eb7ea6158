"""The number under which workers see an item before they have answered it.

Not the item's own: work is lent in the order of those and gold is not, so they would tell the two apart.
"""

from __future__ import annotations

import hashlib
from functools import cache

from django.conf import settings

_SHIFT = 12  # 64 bits less these: a whole number in every reader of JSON


def shown_item_id(item_id: int) -> int:
    """Always the same for an item; 52 bits that say nothing without the server's key."""
    digest = hashlib.blake2b(str(item_id).encode(), key=_key(settings.SECRET_KEY), digest_size=8).digest()
    return int.from_bytes(digest, "big") >> _SHIFT


@cache
def _key(secret: str) -> bytes:
    return hashlib.sha256(f"shown item:{secret}".encode()).digest()
