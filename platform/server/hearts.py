"""Heartbeats of Celery's processes in Redis, for /health: nobody has to ask the workers, and a busy one beats on."""

from __future__ import annotations

import logging
import time

from django.conf import settings
from django.core.cache import cache
from redis.exceptions import RedisError

log = logging.getLogger(__name__)
SEEN_S = 30
EVERY_S = 5
_told_s = float("-inf")


def queues() -> list[str]:
    """All queues that the settings send tasks to: each needs a worker."""
    routes = settings.CELERY_TASK_ROUTES.values()
    return sorted({settings.CELERY_TASK_DEFAULT_QUEUE, *(route["queue"] for route in routes)})


def tell(*names: str) -> None:
    """Called often; the keys end by Redis's own clock, so that machines need not agree on the time."""
    global _told_s
    if time.monotonic() - _told_s < EVERY_S:
        return
    _told_s = time.monotonic()
    try:
        cache.set_many({f"heart:{name}": 1 for name in names}, SEEN_S)
    except (RedisError, OSError) as away:
        log.warning("no heartbeat: %s", away)


def beats(name: str) -> bool:
    return cache.get(f"heart:{name}") is not None
