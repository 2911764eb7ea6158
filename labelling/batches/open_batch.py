"""Open a batch: put its items on offer and its whole cost in escrow."""

from __future__ import annotations

from django.conf import settings
from django.db import transaction

from delivery.outbox import emit
from kernel.errors import Conflict, DomainError
from kernel.locks import items_of, lock_until_commit
from kernel.money import to_text
from kernel.say import Ours
from labelling.batches import escrow, pay, queue
from labelling.batches.batch_terms import fix_offer
from labelling.batches.create_batch import check_limit
from labelling.batches.measured import measured_ms
from labelling.batches.reserve import reserve
from labelling.batches.task_bytes import mean_task_bytes
from labelling.models import Batch, Project
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


def check_wage(batch: Batch) -> None:
    """A batch below the floor for its workers cannot be opened: by the time that was measured, where there is one."""
    task_ms, measured = time_of_task(batch.project)
    wage = pay.wage_micro_per_hour(batch.base_micro, task_ms)
    if wage < settings.WAGE_FLOOR_MICRO_PER_HOUR:
        how = f"{task_ms / 1000:.3g} s a task" + (", as measured" if measured else "")
        raise DomainError(
            "base_micro comes to {wage} {currency} an hour at {how}, below the floor of {floor}: pay at least {least} micro-units a task.",
            field="base_micro",
            said={
                "wage": to_text(wage or 0),
                "currency": batch.currency,
                "how": how,
                "floor": to_text(settings.WAGE_FLOOR_MICRO_PER_HOUR),
                "least": floor_micro(task_ms),
            },
        )


def time_of_task(project: Project) -> tuple[int, bool]:
    """Milliseconds, and whether they were measured or are what its requester thinks."""
    measured = measured_ms([project.pk]).get(project.pk)
    return measured or project.estimated_task_s * 1000, measured is not None


def floor_micro(task_ms: int) -> int:
    """What a task of this length pays at the wage floor."""
    return -(-settings.WAGE_FLOOR_MICRO_PER_HOUR * task_ms // 3_600_000)


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
