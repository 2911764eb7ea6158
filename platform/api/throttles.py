"""Rate limits counted in Redis: one round trip a request, whatever the limit; a refusal says when to come back."""

from __future__ import annotations

import logging
import threading
import time
from collections import Counter
from functools import cache

import redis
from django.conf import settings
from rest_framework.throttling import BaseThrottle

from delivery.cache import breaker, connect
from people.network import network_of

log = logging.getLogger(__name__)
_PERIOD_S = {"min": 60, "hour": 3600, "day": 86_400}


_redis = cache(connect)


@cache
def parse_rate(rate: str) -> tuple[int, int]:
    """("600/min") -> (600 requests, 60 s)."""
    number, period = rate.split("/")
    return int(number), _PERIOD_S[period]


class WindowThrottle(BaseThrottle):
    """So many requests in a window of fixed length. Losing the counter must not lose a worker's answers: with Redis away
    each process counts for itself and the log says so. Nobody is refused sooner than before."""

    scope: str
    _left_s: float = 0

    def allow_request(self, request, view) -> bool:
        who = self.ident(request)  # the subclass says whom it counts
        if who is None:
            return True
        most, period_s = parse_rate(settings.THROTTLE_RATES[self.scope])
        window, passed_s = divmod(time.time(), period_s)
        self._left_s = period_s - passed_s
        try:
            return self._within(who, _count(f"throttle:{self.scope}:{who}:{int(window)}", period_s), most)
        except (redis.RedisError, OSError) as away:
            log.warning("each process counts requests for itself: Redis does not answer (%s)", away)
            return self._within(who, _here.count((self.scope, who), (int(window), period_s)), most)

    def _within(self, who: str, count: int, most: int) -> bool:
        if count == most + 1:  # a line for each window, not for each request
            log.warning("too many requests in a window: %s %s", self.scope, who)
        return count <= most

    def wait(self) -> float:
        return self._left_s


def _count(key: str, period_s: int) -> int:
    with breaker.guard(), _redis().pipeline(transaction=False) as pipe:
        pipe.incr(key)
        pipe.expire(key, period_s + 1)
        return pipe.execute()[0]


class _Here:
    """Counts of this process while Redis is away; of the windows that run now only."""

    def __init__(self) -> None:
        self._counts: Counter[tuple] = Counter()
        self._windows: dict[str, tuple[int, int]] = {}
        self._lock = threading.Lock()

    def count(self, who: tuple[str, str], window: tuple[int, int]) -> int:
        scope = who[0]
        with self._lock:
            if self._windows.get(scope) != window:
                self._windows[scope] = window
                self._counts = Counter({key: n for key, n in self._counts.items() if key[0] != scope})
            self._counts[who] += 1
            return self._counts[who]


_here = _Here()


class PersonThrottle(WindowThrottle):
    scope = "person"

    def ident(self, request) -> str | None:
        return str(request.user.pk) if request.user.is_authenticated else None


class LinkThrottle(PersonThrottle):
    """Of secrets that she shows: nobody finds one by trying, and nobody may try for long."""

    scope = "team_link"


class AddressThrottle(WindowThrottle):
    scope = "address"

    def ident(self, request) -> str | None:
        return None if request.user.is_authenticated else network_of(request)
