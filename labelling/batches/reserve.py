"""Set aside what a batch's escrow pays beyond its open items: known tasks, and the spare. By the verbs that put money into escrow."""

from __future__ import annotations

from django.db.models import F

from labelling.batches import escrow
from labelling.models import Batch, GoldPurse

PURSES, MIN_EACH = 16, 50


def reserve(batch: Batch, items_before: int) -> None:
    """For the items that came to `items_before`; the caller has locked the batch, escrowed as much, and saves items_total and spare."""
    most, share_bps = batch.max_answers, escrow.known_share_bps(batch.project)
    spare = escrow.spare_answers(batch.items_total, most) - escrow.spare_answers(items_before, most)
    gold = escrow.gold_answers(batch.items_total, most, share_bps) - escrow.gold_answers(items_before, most, share_bps)
    batch.spare += spare
    if gold and items_before:
        give_back_gold({batch.pk: gold})
    elif gold:
        fill_purses(batch, gold)


def fill_purses(batch: Batch, gold: int) -> None:
    """So many known tasks that its escrow pays for."""
    purses = min(PURSES, -(-gold // MIN_EACH))
    parts = [gold // purses + (place < gold % purses) for place in range(purses)]
    GoldPurse.objects.bulk_create(GoldPurse(batch=batch, left=part) for part in parts)


def give_back_gold(counts: dict[int, int]) -> None:
    """{batch: known tasks that can be lent again}"""
    for batch_id, count in sorted(counts.items()):
        purse = GoldPurse.objects.filter(batch=batch_id).order_by("left", "id").values("pk")[:1]
        if not GoldPurse.objects.filter(pk__in=purse).update(left=F("left") + count):
            GoldPurse.objects.create(batch_id=batch_id, left=count)
