"""Celery only wakes the verbs; each is safe to repeat."""

import logging

from celery import shared_task
from django.db import OperationalError

from ledger.sealing import seal

log = logging.getLogger(__name__)


@shared_task  # type: ignore[untyped-decorator]
def seal_ledger() -> None:
    try:
        seal()
    except OperationalError as busy:
        log.warning("not sealed this time, a writer takes long: %s", busy)
