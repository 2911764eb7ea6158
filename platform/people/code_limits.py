"""How many one-time codes may be sent: 5 an hour to one address, 20 an hour from one network address.

A sliding window in the shared cache. When the cache does not answer, no code is sent: codes cost money and open accounts.
"""

import hashlib
import math
import time

from django.core.cache import cache

HOUR_S = 3600
PER_ADDRESS = 5
PER_NETWORK = 20


def _key(kind: str, value: str) -> str:
    return f"codes:{kind}:{hashlib.sha256(value.lower().encode()).hexdigest()}"


def _wait_s(sent: list[float], limit: int, now_s: float) -> int:
    if len(sent) < limit:
        return 0
    return max(1, math.ceil(sent[-limit] + HOUR_S - now_s))


def take_code(address: str, network: str, now_s: float | None = None) -> int:
    """Count one code. 0: it may be sent; else the seconds until the next may be, and nothing was counted."""
    now_s = time.time() if now_s is None else now_s
    limits = {_key("to", address): PER_ADDRESS, _key("from", network): PER_NETWORK}
    sent = {key: [at for at in cache.get(key, []) if at > now_s - HOUR_S] for key in limits}
    wait_s = max(_wait_s(sent[key], limit, now_s) for key, limit in limits.items())
    if not wait_s:
        for key, times in sent.items():
            cache.set(key, [*times, now_s], HOUR_S)
    return wait_s
