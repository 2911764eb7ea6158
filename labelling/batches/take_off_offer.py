"""Take items off the batches that offer them, because nobody need be asked any more: docs/decisions/gold-on-offer.md.

What is lent already may be answered and is paid; such an answer counts for nothing.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from delivery.outbox import emit
from labelling.batches import queue
from labelling.batches.close_batch import close_batch
from labelling.models import Batch, BatchItem


@transaction.atomic
def take_off_offer(item_ids: Iterable[int], *, settled: bool = False) -> int:
    """How many were on offer. Their batches have so many items less (settled: so many decided more); a batch that has nothing left to
    ask is closed.

    The answers that they were still funded for go to the batch's spare, and come back with the rest when it closes.
    """
    rows = _locked(set(item_ids))
    if not rows:
        return 0
    BatchItem.objects.filter(pk__in=[row.pk for row in rows]).update(state=BatchItem.State.DONE)
    batches = Batch.objects.filter(pk__in={row.batch_id for row in rows}).order_by("id")
    for batch in batches.select_related("project").select_for_update(of=("self",), no_key=True):
        _shrink(batch, [row for row in rows if row.batch_id == batch.pk], settled)
    if not settled:
        emit("items.withdrawn", {"items": sorted(row.item_id for row in rows)})
    return len(rows)


def _locked(item_ids: set[int]) -> list[BatchItem]:
    """In ascending order, as everywhere, and read again under the lock."""
    rows = BatchItem.objects.filter(
        item__in=item_ids, state=BatchItem.State.OPEN, batch__state=Batch.State.OPEN
    ).order_by("id")
    locked = list(rows.select_for_update(of=("self",)).values_list("pk", flat=True))
    return list(rows.filter(pk__in=locked))


def _shrink(batch: Batch, rows: list[BatchItem], settled: bool) -> None:
    if settled:
        batch.items_done += len(rows)
    else:
        batch.items_total -= len(rows)
    batch.spare += sum(queue.never_asked(row, batch.max_answers) for row in rows)
    batch.save(update_fields=["items_total", "items_done", "spare"])
    if batch.state == Batch.State.OPEN and not batch.keep_open and batch.items_done >= batch.items_total:
        close_batch(None, batch)
