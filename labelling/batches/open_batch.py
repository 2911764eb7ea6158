"""A batch: make the offer, fund and open it, close it. What is left goes back in refund_batch.py."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.db import transaction

from delivery.outbox import emit
from kernel.locks import items_of, lock_until_commit
from kernel.refusals import Conflict, Refusal
from labelling.batches import escrow, pay, queue
from labelling.batches.answer_range import check_answers
from labelling.batches.lease_times import LEAST_S, MOST_PACK_S, MOST_S
from labelling.batches.measured import measured_ms
from labelling.batches.offers import fix_offer
from labelling.batches.reserve import reserve
from labelling.batches.task_bytes import mean_task_bytes
from labelling.models import Batch, BatchItem, Project
from ledger import clock, verbs
from ledger.errors import InsufficientFunds
from ledger.posting import post_many
from people.access import require_spender
from people.audit import record
from people.models import Person

MAX_PRICE_MICRO = 1_000_000_000  # a thousand units of money for one answer is a slip of the keyboard
MAX_ITEMS = 2**31 - 1


@transaction.atomic
def create_batch(
    actor: Person,
    project: Project,
    *,
    name: str,
    base_micro: int,
    bonus_micro: int = 0,
    fee_bps: int | None = None,
    deadline: datetime | None = None,
    keep_open: bool = False,
    item_limit: int | None = None,
    min_answers: int | None = None,
    max_answers: int | None = None,
    lease_s: int = settings.LEASE_S,
    pack_s: int = settings.PACK_LEASE_S,
) -> Batch:
    """An offer in draft: nobody sees it, no money has moved. keep_open: it stays open when all is decided, for the label API.
    item_limit: so many items at most when it opens; the draft keeps it. min_answers, max_answers: an item; the project's where not said.

    A task is lent for lease_s, or for pack_s where she takes tasks along; pack_s 0: none may be taken along."""
    if project.archived_at is not None:
        raise Conflict("This project is archived: bring it back first.", field="project", code="archived")
    for field, value, least in (("base_micro", base_micro, 1), ("bonus_micro", bonus_micro, 0)):
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= MAX_PRICE_MICRO:
            raise Refusal(
                "{field} must be a whole number of micro-units from {least} to {most}.",
                field=field,
                said={"field": field, "least": least, "most": MAX_PRICE_MICRO},
            )
    _check_times(lease_s, pack_s)
    if not name.strip() or len(name) > 120:
        raise Refusal("name must hold 1 to 120 characters.", field="name")
    check_limit(item_limit)
    least, most = answers_of(project, min_answers, max_answers)
    if deadline and deadline <= clock.now():
        raise Refusal("deadline lies in the past: choose a later time, or none.", field="deadline")
    batch = Batch.objects.create(
        project=project,
        name=name.strip(),
        base_micro=base_micro,
        bonus_micro=bonus_micro,
        fee_bps=settings.PLATFORM_FEE_BPS if fee_bps is None else fee_bps,
        currency=settings.CURRENCY,
        deadline=deadline,
        keep_open=keep_open,
        item_limit=item_limit,
        min_answers=least,
        max_answers=most,
        lease_s=lease_s,
        pack_s=pack_s,
        pay_rule_version=pay.RULE_VERSION,
    )
    record(actor, "batch.create", batch)
    return batch


def _check_times(lease_s: int, pack_s: int) -> None:
    if not LEAST_S <= lease_s <= MOST_S:
        raise Refusal(
            "lease_s must be from {least} to {most} seconds.", field="lease_s", said={"least": LEAST_S, "most": MOST_S}
        )
    if pack_s and not lease_s <= pack_s <= MOST_PACK_S:
        raise Refusal(
            "pack_s must be 0, or from lease_s to {most} seconds.", field="pack_s", said={"most": MOST_PACK_S}
        )


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
            said={"state": batch.state},
        )
    require_spender(actor, batch.project.organisation_id)
    check_limit(limit)
    check_wage(batch)
    lock_until_commit(items_of(batch.project_id))  # no item becomes known while it is put on offer
    batch.items_total = queue.fill(batch, limit or batch.item_limit, items)
    if not batch.items_total:
        raise Refusal(
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
    _escrow(batch)
    return batch


def answers_of(project: Project, least: int | None, most: int | None) -> tuple[int, int]:
    """How many answers an item gets at least and at most."""
    least, most = project.min_answers if least is None else least, project.max_answers if most is None else most
    check_answers(least, most)
    return least, most


def check_limit(limit: object) -> None:
    whole = isinstance(limit, int) and not isinstance(limit, bool)
    if limit is not None and not (whole and 1 <= limit <= MAX_ITEMS):
        raise Refusal(
            "limit must be a whole number of items from 1 to {most}.", field="limit", said={"most": MAX_ITEMS}
        )


def check_wage(batch: Batch) -> None:
    """A batch below the floor for its workers cannot be opened: by the time that was measured, where there is one."""
    measured = measured_ms([batch.project_id]).get(batch.project_id)
    task_ms = measured or batch.project.estimated_task_s * 1000
    wage = pay.wage_micro_per_hour(batch.base_micro, task_ms)
    if wage < settings.WAGE_FLOOR_MICRO_PER_HOUR:
        least = -(-settings.WAGE_FLOOR_MICRO_PER_HOUR * task_ms // 3_600_000)
        how = f"{task_ms / 1000:.3g} s a task" + (", as measured" if measured else "")
        raise Refusal(
            "base_micro comes to {wage} {currency} an hour at {how}, below the floor of {floor}: pay at least {least} micro-units a task.",
            field="base_micro",
            said={
                "wage": f"{wage / 1e6:.2f}",
                "currency": batch.currency,
                "how": how,
                "floor": f"{settings.WAGE_FLOOR_MICRO_PER_HOUR / 1e6:.2f}",
                "least": least,
            },
        )


def _escrow(batch: Batch) -> None:
    try:
        post_many([verbs.fund_batch(batch.pk, batch.project.organisation_id, batch.escrow_micro, batch.currency)])
    except InsufficientFunds as short:
        raise Refusal(
            "This batch needs {escrow_micro} {currency} in escrow and {short_micro} are missing: deposit that much, or offer fewer items.",
            field="funds",
            code="insufficient_funds",
            missing_micro=short.short_micro,
            said={
                "escrow_micro": f"{batch.escrow_micro / 1e6:,.2f}",
                "currency": batch.currency,
                "short_micro": f"{short.short_micro / 1e6:,.2f}",
            },
        ) from short


@transaction.atomic
def close_batch(actor: Person | None, batch: Batch) -> Batch:
    """Take it off offer. Open leases may still be answered and are paid; what nothing can claim goes back to the funds."""
    [locked] = _lock_to_close([batch.pk])
    if locked.state != Batch.State.OPEN:
        raise Conflict(
            "This batch is {state}: only an open batch can be closed.",
            field="state",
            code="wrong_state",
            said={"state": locked.state},
        )
    return _close(actor, locked)


@transaction.atomic
def close_batches(actor: Person | None, batch_ids: Sequence[int]) -> int:
    """Those of them that are open; returns how many."""
    return len([_close(actor, batch) for batch in _lock_to_close(batch_ids) if batch.state == Batch.State.OPEN])


def _lock_to_close(batch_ids: Sequence[int]) -> list[Batch]:
    """Items, then their batches, each in ascending order, as deciding does: so a caller that holds a batch holds its open items, too."""
    items = BatchItem.objects.filter(batch__in=batch_ids, state=BatchItem.State.OPEN).order_by("id")
    list(items.select_for_update(of=("self",)).values_list("pk", flat=True))
    batches = Batch.objects.filter(pk__in=batch_ids).select_related("project").order_by("id")
    return list(batches.select_for_update(of=("self",)))


def _close(actor: Person | None, batch: Batch) -> Batch:
    BatchItem.objects.filter(batch=batch, state=BatchItem.State.OPEN).update(state=BatchItem.State.DONE)
    batch.state, batch.closed_at = Batch.State.CLOSED, clock.now()
    batch.save(update_fields=["state", "closed_at"])
    emit("batch.closed", {"batch": batch.pk, "project": batch.project_id})
    record(actor, "batch.close", batch)
    return batch
