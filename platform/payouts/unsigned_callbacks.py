"""Callbacks that no rail signed: logged, so many a minute from one address, and kept nowhere."""

from __future__ import annotations

import logging
import time

from django.core.cache import cache
from redis.exceptions import RedisError

log = logging.getLogger(__name__)

PER_MINUTE = 30


def refuse_stranger(address: str, refusal: str) -> int:
    """The HTTP status for one more of them: 403, and 429 once there are too many. A genuine callback is never counted."""
    sent = _count(address)
    if sent <= PER_MINUTE:
        log.warning("a callback was refused: %s", refusal)
        return 403
    return 429


def _count(address: str) -> int:
    """How many came from there in this minute. With the cache away each is looked at, and none is believed."""
    key = f"strange-callbacks:{address}:{int(time.time() // 60)}"
    try:
        cache.add(key, 0, 120)
        return cache.incr(key)
    except (RedisError, ValueError):  # away, or gone in between
        return 1
