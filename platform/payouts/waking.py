"""Asking Celery for work now. With the broker away nothing is lost: beat's sweeps find the same rows."""

from __future__ import annotations

import logging
from uuid import UUID

from celery import current_app
from django.conf import settings
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

log = logging.getLogger(__name__)


def wake(kind: str, order_id: UUID) -> None:
    """Have an order sent or looked up soon. `kind` is that of its model: "payout" or "charge"."""
    if settings.TESTING and not settings.WAKE_IN_TESTS:
        return
    try:
        current_app.send_task("payouts.tasks.advance_order", [kind, str(order_id)], expires=300)
    except (OperationalError, RedisError, OSError) as away:
        log.warning("order %s was not woken, beat will: %s", order_id, away)
