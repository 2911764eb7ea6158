"""What nothing can claim any more of a closed batch's escrow goes back to its requester."""

from __future__ import annotations

import random

from django.db import transaction

from labelling.batches.claims import kept_micro, leases_out
from labelling.batches.top_up import last_top_up
from labelling.models import Batch
from ledger import factories
from ledger.kinds import BATCH_ESCROW
from ledger.models import Transfer
from ledger.posting import balance, locked, post_many
from ledger.reading import owners_with_money

MOST = 500


@transaction.atomic
def refund_batch(batch_id: int) -> int:
    """Micro-units returned. Safe to repeat. Nothing while a lease (live, or in its grace) or an unsettled answer can claim; what
    appeals against missed known tasks could cost stays until their time is over."""
    batch = Batch.objects.select_for_update().select_related("project").get(pk=batch_id)
    out = leases_out(batch).exists()
    unsettled = batch.answers.filter(settlement=None).exists()
    if batch.state != Batch.State.CLOSED or out or unsettled:
        return 0
    last_top_up(batch)
    kept, organisation_id, source = kept_micro(batch), batch.project.organisation_id, factories.escrow_of(batch.pk)
    if balance(source, batch.currency) <= kept:
        return 0
    debt = factories.debt_of(organisation_id)
    held = locked([source, debt, factories.funds_of(organisation_id)], batch.currency)
    left_micro, part = held[source] - kept, Transfer.objects.filter(key__startswith=f"close:{batch.pk}:").count()
    back = factories.close_batch(batch.pk, organisation_id, left_micro, batch.currency, part, owed_micro=-held[debt])
    post_many([back])
    return left_micro


def to_refund() -> list[int]:
    """Closed batches with money in escrow; some of them, by chance, when there are many: each has its turn."""
    ids = [int(owner.removeprefix("batch:")) for owner in owners_with_money(BATCH_ESCROW)]
    closed = list(Batch.objects.filter(pk__in=ids, state=Batch.State.CLOSED).values_list("pk", flat=True))
    return sorted(random.sample(closed, min(MOST, len(closed))))
