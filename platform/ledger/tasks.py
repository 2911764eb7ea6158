"""Celery only wakes the verbs; each is safe to repeat."""

import logging

from celery import shared_task
from django.core.cache import cache
from django.db import OperationalError

from ledger import clock
from ledger.audit import findings
from ledger.hash_chain import seal

log = logging.getLogger(__name__)
AUDITED = "ledger:audited"  # when the whole ledger was last recomputed and how many sentences came of it, for /metrics


@shared_task  # type: ignore[untyped-decorator]
def seal_ledger() -> None:
    try:
        seal()
    except OperationalError as busy:
        log.warning("not sealed this time, a writer takes long: %s", busy)


@shared_task  # type: ignore[untyped-decorator]
def audit_ledger() -> int:
    """Every night: how many things are wrong, each said in the log."""
    wrong = findings()
    for sentence in wrong:
        log.error("ledger: %s", sentence)
    cache.set(AUDITED, {"at": clock.now().timestamp(), "findings": len(wrong)}, None)
    return len(wrong)
