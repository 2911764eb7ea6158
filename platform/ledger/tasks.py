"""Celery only wakes the verbs; each is safe to repeat."""

from celery import shared_task

from ledger.sealing import seal


@shared_task  # type: ignore[untyped-decorator]
def seal_ledger() -> None:
    seal()
