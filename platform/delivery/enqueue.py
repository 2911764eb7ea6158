"""Asking Celery for work now. Nothing depends on it: the rows are the truth and beat finds them, so nobody waits for a broker."""

from __future__ import annotations

import logging
import time

from celery import current_app
from django.conf import settings
from django.core.cache import cache
from kombu import Connection
from kombu.exceptions import LimitExceeded, OperationalError
from kombu.pools import producers
from redis.exceptions import RedisError

from delivery.breaker import PATIENCE_S, Breaker

log = logging.getLogger(__name__)
AWAY = (OperationalError, RedisError, OSError)
breaker = Breaker("the broker", AWAY)
WAKE_EVERY_S = 1
WOKEN = "outbox:woken"
_IMPATIENT = {"socket_timeout": PATIENCE_S, "socket_connect_timeout": PATIENCE_S}


def enqueue(task: str, *arguments: str | int | None, expires_s: int, **named) -> bool:
    """Whether the broker took it; False costs nothing but the time until beat's next look."""
    if settings.TESTING and not settings.WAKE_IN_TESTS:
        return False
    try:
        with breaker.guard(), producers[_connection()].acquire(block=True, timeout=PATIENCE_S) as producer:
            current_app.send_task(task, list(arguments), kwargs=named, expires=expires_s, producer=producer)
    except (*AWAY, LimitExceeded) as away:
        log.warning("%s was not woken, beat will: %s", " ".join(map(str, (task, *arguments))), away)
        return False
    return True


_woken_s = float("-inf")  # by this process; sparing Redis the question, nothing depends on it


def wake_drain() -> None:
    """Ask for a drain, at most once a second for all processes together. With Redis away, beat does it later."""
    global _woken_s
    if (settings.TESTING and not settings.WAKE_IN_TESTS) or time.monotonic() - _woken_s < WAKE_EVERY_S:
        return
    _woken_s = time.monotonic()
    try:
        alone = cache.add(WOKEN, 1, timeout=WAKE_EVERY_S)
    except (RedisError, OSError) as away:
        log.warning("the drain was not woken, beat will: %s", away)
        return
    if alone:
        enqueue("delivery.tasks.drain_outbox", woken=True, expires_s=10)


def _connection() -> Connection:
    """Pools are kept by what a connection is like, so all of these are one."""
    return current_app.connection_for_write(transport_options=_IMPATIENT, connect_timeout=PATIENCE_S)
