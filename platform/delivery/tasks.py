"""Celery wakes the outbox; nothing depends on a wake-up arriving."""

import threading

from celery import shared_task
from django.core.cache import cache

from delivery import outbox
from delivery.enqueue import WOKEN
from delivery.webhooks import send_due


@shared_task(ignore_result=True)
def drain_outbox(woken: bool = False) -> int:
    """woken: asked for by wake_drain. Beat asks every second, too; while others wake there is no need: a few events cost
    nearly as much as a hundred."""
    if not woken and cache.get(WOKEN):
        return 0
    return outbox.drain()


_SENDING = threading.BoundedSemaphore(2)  # of a courier's four threads: the others are for money


@shared_task(ignore_result=True)
def send_webhooks() -> int:
    if not _SENDING.acquire(blocking=False):
        return 0
    try:
        return send_due()
    finally:
        _SENDING.release()
