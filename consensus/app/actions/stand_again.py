"""Items that were asked again and that nobody answered: when their batch is closed, what stood before stands again.

Closing returns the money (labelling/batches/refund_batch.py); the requester is told how many it were.
"""

from __future__ import annotations

from django.db import transaction
from django.db.models import Exists, OuterRef

from consensus.app.actions.ask_again import STOOD
from delivery.outbox import emit, emit_many
from labelling.batches.settle_items import decided_event
from labelling.models import Batch, BatchItem, Decision, Item
from people.audit import record


@transaction.atomic
def stand_again(batch: Batch) -> int:
    """How many. Safe to repeat: what stands has nothing to come back to."""
    later = BatchItem.objects.filter(item=OuterRef("item"), pk__gt=OuterRef("pk"))
    rows = batch.batch_items.filter(~Exists(later), counted=0).order_by("id").select_for_update(of=("self",))
    open_again = Decision.objects.filter(item__in=list(rows.values_list("item", flat=True)), final=False)
    decisions = list(open_again.filter(detail__has_key=STOOD).order_by("item").select_for_update())
    if not decisions:
        return 0
    heard_after = {one.item_id: _restore(one) for one in decisions}
    Decision.objects.bulk_update(decisions, ["final", "sure", "source", "detail"], batch_size=1_000)
    items = Item.objects.filter(pk__in=heard_after).only("pk", "heard_after")
    for item in items:
        item.heard_after = heard_after[item.pk]
    Item.objects.bulk_update(items, ["heard_after"], batch_size=1_000)
    emit_many("item.decided", (decided_event(one) for one in decisions))
    emit("items.unanswered", {"batch": batch.pk, "items": len(decisions)})
    record(None, "items.stand_again", batch, items=len(decisions))
    return len(decisions)


def _restore(decision: Decision) -> int:
    """From which answer on its item was heard then."""
    stood = decision.detail.pop(STOOD)
    decision.final, decision.sure, decision.source = True, stood["sure"], stood["source"]
    return stood["heard_after"]
