"""A batch was closed: learn the skills once more, say the last word on its items, pay what is left, return the rest."""

from __future__ import annotations

from django.db.models import Exists, OuterRef

from consensus.app.actions.decide_items import finish_items
from consensus.app.actions.refresh_skills import refresh_skills
from consensus.app.actions.stand_again import stand_again
from labelling.batches.refund_batch import refund_batch
from labelling.batches.settle_batch import settle_batch
from labelling.models import Batch, BatchItem, Decision, Release
from labelling.models.golds import known

CHUNK = 2000


def finish_batch(batch_id: int) -> None:
    """Safe to repeat. Items that a release holds already keep the decision that was released."""
    batch = Batch.objects.get(pk=batch_id)
    refresh_skills(batch.project_id)
    items = list(_items_to_finish(batch).values_list("item_id", flat=True))
    for start in range(0, len(items), CHUNK):
        finish_items(batch_id, items[start : start + CHUNK])
    stand_again(batch)
    settle_batch(batch)
    refund_batch(batch_id)


def _items_to_finish(batch: Batch):
    released = (
        Release.objects.filter(project=batch.project)
        .order_by("-created_at")
        .values_list("created_at", flat=True)
        .first()
    )
    later = BatchItem.objects.filter(item=OuterRef("item"), pk__gt=OuterRef("pk"))
    # What has become known is nobody's to decide, and what is asked again is the later batch's.
    rows = batch.batch_items.filter(~known("item"), ~Exists(later), counted__gt=0)
    if released is None:
        return rows
    kept = Decision.objects.filter(batch=batch, final=True, decided_at__lte=released)
    return rows.exclude(item__in=kept.values("item_id"))
