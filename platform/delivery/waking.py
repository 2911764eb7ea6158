"""Asking Celery for work now. Nothing depends on it: the rows are the truth and beat finds them, so nobody waits for a broker."""

from __future__ import annotations

import logging

from celery import current_app
from django.conf import settings
from kombu import Connection
from kombu.exceptions import LimitExceeded, OperationalError
from kombu.pools import producers
from redis.exceptions import RedisError

from delivery.breaker import PATIENCE_S, Breaker

log = logging.getLogger(__name__)
AWAY = (OperationalError, RedisError, OSError)
breaker = Breaker("the broker", AWAY)
_IMPATIENT = {"socket_timeout": PATIENCE_S, "socket_connect_timeout": PATIENCE_S}


def wake(task: str, *arguments: str, expires_s: int, **named) -> bool:
    """Whether the broker took it; False costs nothing but the time until beat's next look."""
    if settings.TESTING and not settings.WAKE_IN_TESTS:
        return False
    try:
        with breaker.guard(), producers[_connection()].acquire(block=True, timeout=PATIENCE_S) as producer:
            current_app.send_task(task, list(arguments), kwargs=named, expires=expires_s, producer=producer)
    except (*AWAY, LimitExceeded) as away:
        log.warning("%s was not woken, beat will: %s", " ".join((task, *arguments)), away)
        return False
    return True


def _connection() -> Connection:
    """Pools are kept by what a connection is like, so all of these are one."""
    return current_app.connection_for_write(transport_options=_IMPATIENT, connect_timeout=PATIENCE_S)
