"""Celery tasks of labelling. Each is safe to repeat and to lose: beat or the outbox asks again."""

from __future__ import annotations

from celery import shared_task


@shared_task
def expire_leases() -> int:
    from labelling.actions.return_lease import expire_leases as expire

    return expire()


@shared_task
def refund_closed_batches() -> int:
    """Batches closed while leases were out: refunded when the last of them is answered or has run out."""
    from labelling.actions.open_batch import refund_batch
    from labelling.models import Batch

    recent = Batch.objects.filter(state=Batch.State.CLOSED).order_by("-closed_at").values_list("pk", flat=True)[:500]
    return sum(refund_batch(batch_id) > 0 for batch_id in recent)
