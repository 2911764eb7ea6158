"""Open a batch: put its items on offer and its whole cost in escrow."""

from __future__ import annotations

from django.db import transaction

from delivery.outbox import emit
from kernel.errors import Conflict, DomainError
from kernel.locks import items_of, lock_until_commit
from kernel.money import to_text
from kernel.say import Ours
from labelling.batches import escrow, queue
from labelling.batches.batch_terms import fix_offer
from labelling.batches.create_batch import check_limit
from labelling.batches.reserve import reserve
from labelling.batches.task_bytes import mean_task_bytes
from labelling.batches.wage_floor import check_wage
from labelling.models import Batch
from ledger import clock, factories
from ledger.errors import InsufficientFunds
from ledger.posting import post_many
from people.access import require_spender
from people.audit import record
from people.models import Person


@transaction.atomic
def open_batch(actor: Person, batch: Batch, *, limit: int | None = None, items: list[int] | None = None) -> Batch:
    """Put the undecided items on offer and their whole cost in escrow. `batch` is locked by the caller. limit: so many items at
    most, instead of what the draft says. items: these alone.

    Refused, with nothing changed: not a draft, no items, the wage below the floor, too little money.
    """
    if batch.state != Batch.State.DRAFT:
        raise Conflict(
            "This batch is {state}: only a draft can be opened.",
            field="state",
            code="wrong_state",
            said={"state": Ours(batch.state)},
        )
    require_spender(actor, batch.project.organisation_id)
    check_limit(limit)
    check_wage(batch)
    lock_until_commit(items_of(batch.project_id))  # no item becomes known while it is put on offer
    batch.items_total = queue.fill(batch, limit or batch.item_limit, items)
    if not batch.items_total:
        raise DomainError(
            "The project has no undecided items that are not on offer already: upload data first.", field="items"
        )
    batch.escrow_micro = escrow.escrow_micro(batch, batch.items_total)
    batch.task_bytes = mean_task_bytes(batch)
    fix_offer(batch)
    batch.state, batch.opened_at = Batch.State.OPEN, clock.now()
    reserve(batch, items_before=0)
    batch.save()
    emit("batch.opened", {"batch": batch.pk, "project": batch.project_id})
    record(actor, "batch.open", batch, escrow_micro=batch.escrow_micro)
    escrow_now(batch)
    return batch


def escrow_now(batch: Batch) -> None:
    """What it may cost goes from the requester's funds into its escrow, or nothing has happened."""
    try:
        post_many([factories.fund_batch(batch.pk, batch.project.organisation_id, batch.escrow_micro, batch.currency)])
    except InsufficientFunds as short:
        raise DomainError(
            "This batch needs {escrow_micro} {currency} in escrow and {short_micro} are missing: deposit that much, or offer fewer items.",
            field="funds",
            code="insufficient_funds",
            missing_micro=short.short_micro,
            said={
                "escrow_micro": to_text(batch.escrow_micro),
                "currency": batch.currency,
                "short_micro": to_text(short.short_micro),
            },
        ) from short
