"""Celery only wakes the verbs; each of them is safe to repeat."""

import logging
from datetime import datetime, timedelta

from celery import shared_task
from django.conf import settings

from anchoring.actions.close_period import close_period
from anchoring.actions.confirm_anchor import confirm_anchors
from anchoring.actions.publish_anchor import publish_anchors
from anchoring.chains import ChainError
from anchoring.models import Period
from ledger import clock

log = logging.getLogger(__name__)


@shared_task
def advance() -> None:
    """Close the period that ended, sign and send what waits, confirm what was sent."""
    boundary = last_boundary(clock.now())
    if not Period.objects.filter(closed_at__gte=boundary).exists():
        # The very first period begins whenever the platform did: it bears the day on which it is closed.
        close_period((boundary - timedelta(microseconds=1)).date() if Period.objects.exists() else None)
    if not settings.CHAIN_RPC_URL:
        return  # no chain is in use: what is closed waits, signed by nobody, until one is named
    try:
        publish_anchors()
        confirm_anchors()
    except ChainError as error:
        log.warning("%s It is tried again.", error)


def last_boundary(now: datetime) -> datetime:
    """When the last period should have ended: midnight UTC, or every ANCHOR_EVERY_S seconds."""
    return now - timedelta(seconds=now.timestamp() % settings.ANCHOR_EVERY_S)
