"""Settle what a closed batch still owes."""

from __future__ import annotations

from django.db import transaction

from labelling.batches.settle_answers import settle_answers
from labelling.batches.settle_items import lock_decisions
from labelling.models import Answer, Batch


@transaction.atomic
def settle_batch(batch: Batch) -> None:
    """The answers that a closed batch still owes for: of items that stay undecided, and what no settlement has reached."""
    owed = Answer.objects.filter(batch=batch, settlement=None)
    settle_answers(owed, lock_decisions(set(owed.values_list("item_id", flat=True))))
