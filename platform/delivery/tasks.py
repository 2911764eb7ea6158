"""Celery wakes the outbox; nothing depends on a wake-up arriving."""

import logging
import threading
import time

from celery import shared_task
from django.conf import settings
from django.core.cache import cache
from redis.exceptions import RedisError

from delivery import outbox
from delivery.waking import wake

log = logging.getLogger(__name__)
WAKE_EVERY_S = 1
WOKEN = "outbox:woken"


@shared_task(ignore_result=True)
def drain_outbox(woken: bool = False) -> int:
    """woken: asked for by wake_drain. Beat asks every second, too; while others wake there is no need: a few events cost
    nearly as much as a hundred."""
    if not woken and cache.get(WOKEN):
        return 0
    return outbox.drain()


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
        wake("delivery.tasks.drain_outbox", woken=True, expires_s=10)


_SENDING = threading.BoundedSemaphore(2)  # of a courier's four threads: the others are for money


@shared_task(ignore_result=True)
def send_webhooks() -> int:
    from delivery.webhooks import send_due

    if not _SENDING.acquire(blocking=False):
        return 0
    try:
        return send_due()
    finally:
        _SENDING.release()
