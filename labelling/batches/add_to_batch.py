"""Put one more item into an open batch, and its whole cost into the batch's escrow."""

from __future__ import annotations

from django.db import transaction

from kernel.errors import Conflict, DomainError
from kernel.money import to_text
from labelling.batches import escrow, queue
from labelling.batches.reserve import reserve
from labelling.models import Batch, BatchItem, Item, Project
from ledger import clock, factories
from ledger.errors import InsufficientFunds
from ledger.posting import post_many


def open_batch_of(project: Project) -> Batch | None:
    """The batch that takes single items: the one opened last that is not over, and no training. Locked."""
    running = Batch.objects.select_for_update(of=("self",)).filter(
        project=project, training=False, state=Batch.State.OPEN, owing_at=None, stopped_at=None
    )
    return running.exclude(deadline__lte=clock.now()).select_related("project").order_by("-opened_at").first()


@transaction.atomic
def add_to_open_batch(project: Project, item: Item, *, waited_for: bool) -> BatchItem:
    """The item is on offer afterwards; at the front of the queue when somebody waits for it. Safe to repeat.

    Refused, with nothing changed: no open batch, or too little money for one more item.
    """
    need = queue.Need.AWAITED if waited_for else queue.Need.FIRST
    here = _on_offer(item)
    if here is not None:
        return queue.bring_forward(here, need)
    batch = open_batch_of(project)
    if batch is None:
        raise DomainError(
            "No batch of this project is open, so nobody can be asked: fund and open one first.",
            field="project",
            code="no_open_batch",
        )
    if BatchItem.objects.filter(batch=batch, item=item).exists():
        raise Conflict(
            "This item was taken off the open batch undecided: open a new batch for it.", field="item", code="taken_off"
        )
    row = queue.add(batch, item, need)
    _top_up(batch, item)
    return row


def _on_offer(item: Item) -> BatchItem | None:
    rows = BatchItem.objects.select_for_update(of=("self",)).filter(item=item, state=BatchItem.State.OPEN)
    return rows.filter(batch__state=Batch.State.OPEN).first()


def _top_up(batch: Batch, item: Item) -> None:
    """Escrow for one more item; `fund:<batch>:<item>` in the ledger."""
    more_micro = escrow.escrow_micro(batch, batch.items_total + 1) - escrow.escrow_micro(batch, batch.items_total)
    batch.items_total += 1
    batch.escrow_micro += more_micro
    reserve(batch, items_before=batch.items_total - 1)
    batch.save(update_fields=["items_total", "escrow_micro", "spare"])
    try:
        post_many(
            [factories.fund_batch(batch.pk, batch.project.organisation_id, more_micro, batch.currency, part=item.pk)]
        )
    except InsufficientFunds as short:
        raise DomainError(
            "One more item needs {more_micro} {currency} in escrow and {short_micro} are missing: deposit that much first.",
            field="funds",
            code="insufficient_funds",
            missing_micro=short.short_micro,
            said={
                "more_micro": to_text(more_micro, places=4),
                "currency": batch.currency,
                "short_micro": to_text(short.short_micro, places=4),
            },
        ) from short
