"""Beat wakes these; of a queue whose workers wait for strangers: server/queues.py."""

import threading

from celery import shared_task

from notices.actions.look import forget_stale, look_at_due
from notices.actions.send_notices import send_due

_SENDING = threading.BoundedSemaphore(1)  # of a courier's four threads: the others are for money and webhooks


@shared_task
def send_notices() -> int:
    """A push service that hangs keeps one thread, and no run waits for another."""
    if not _SENDING.acquire(blocking=False):
        return 0
    try:
        forget_stale()
        look_at_due()
        return send_due()
    finally:
        _SENDING.release()
