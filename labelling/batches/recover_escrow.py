"""A requester owes: her open batches lend nothing more, and escrow that nobody has a claim on pays the debt.

What workers hold stays payable to the last micro-unit: the escrow of every lease that is out, and of every answer not settled yet, is kept.
"""

from __future__ import annotations

from django.db import transaction
from django.db.models import Sum

from kernel.errors import Conflict, DomainError
from kernel.money import to_text
from labelling.batches.claims import claimed_micro
from labelling.models import Batch
from ledger import clock, factories
from ledger.errors import InsufficientFunds
from ledger.models import Transfer as StoredTransfer
from ledger.posting import balance, locked, post_many
from ledger.transfers import Transfer
from people.access import require_spender
from people.audit import record
from people.models import Person


@transaction.atomic
def recover_escrow(organisation_id: int, currency: str) -> int:
    """Micro-units that went to the debt. Locks as everywhere: batches ascending, then all accounts at once.

    With a batch locked nothing of it is lent: a draw waits, and then finds it owing (draw_work.py: gate).
    """
    mine = Batch.objects.filter(project__organisation=organisation_id, currency=currency, state=Batch.State.OPEN)
    batches = list(mine.order_by("id").select_for_update(of=("self",)))
    debt = factories.debt_of(organisation_id)
    held = locked([debt, *(factories.escrow_of(batch.pk) for batch in batches)], currency)
    owed_micro, transfers = -held[debt], []
    for batch in batches:
        if owed_micro <= 0:
            break
        taken = min(owed_micro, max(0, held[factories.escrow_of(batch.pk)] - claimed_micro(batch)))
        owed_micro -= taken
        transfers += _mark_owing(batch, organisation_id, taken, owed_micro)
    post_many(transfers)
    return sum(transfer.amounts[debt] for transfer in transfers)


def _mark_owing(batch: Batch, organisation_id: int, taken_micro: int, owed_micro: int) -> list[Transfer]:
    batch.owing_at, batch.recovered_micro = batch.owing_at or clock.now(), batch.recovered_micro + taken_micro
    batch.save(update_fields=["owing_at", "recovered_micro"])
    record(None, "batch.owing", batch, recovered_micro=taken_micro, owed_micro=owed_micro)
    part = StoredTransfer.objects.filter(key__startswith=f"recover:{batch.pk}:").count()
    return [factories.recover(batch.pk, organisation_id, taken_micro, batch.currency, part)] if taken_micro else []


def needed_micro(organisation_id: int, currency: str) -> int:
    """What must be deposited until all batches that wait can go on: the debt, and what they gave for it."""
    waiting = Batch.objects.filter(project__organisation=organisation_id, currency=currency, state=Batch.State.OPEN)
    gave = waiting.exclude(owing_at=None).aggregate(micro=Sum("recovered_micro", default=0))["micro"]
    return gave - balance(factories.debt_of(organisation_id), currency)


@transaction.atomic
def resume_batch(actor: Person, batch: Batch) -> Batch:
    """Go on: after a pause of the requester's own, and after a debt, with what it took put back. `batch` is locked by the caller, who has
    authorised the actor."""
    if batch.state != Batch.State.OPEN or (batch.owing_at is None and batch.stopped_at is None):
        raise Conflict("This batch is not paused: there is nothing to resume.", field="state", code="not_paused")
    if batch.stopped_at is not None:
        batch.stopped_at = None
        batch.save(update_fields=["stopped_at"])
        record(actor, "batch.go", batch)
    return _out_of_debt(actor, batch) if batch.owing_at is not None else batch


def _out_of_debt(actor: Person, batch: Batch) -> Batch:
    organisation_id = batch.project.organisation_id
    require_spender(actor, organisation_id)
    funds, debt = factories.funds_of(organisation_id), factories.debt_of(organisation_id)
    held = locked([funds, debt, factories.escrow_of(batch.pk)], batch.currency)
    if held[debt] < 0:
        owed = to_text(-held[debt], batch.currency)
        raise DomainError(
            "{owed} of a payment that was taken back are still owed: deposit that first.",
            field="funds",
            code="owing",
            said={"owed": owed},
        )
    back_micro, batch.owing_at, batch.recovered_micro = batch.recovered_micro, None, 0
    batch.save(update_fields=["owing_at", "recovered_micro"])
    record(actor, "batch.resume", batch, refilled_micro=back_micro)
    if back_micro:
        _refill(batch, organisation_id, back_micro)
    return batch


def _refill(batch: Batch, organisation_id: int, micro: int) -> None:
    part = StoredTransfer.objects.filter(key__startswith=f"refill:{batch.pk}:").count()
    legs = factories.moved(factories.funds_of(organisation_id), factories.escrow_of(batch.pk), micro)
    try:
        post_many([Transfer(f"refill:{batch.pk}:{part}", "fund", batch.currency, legs, {"batch": batch.pk})])
    except InsufficientFunds as short:
        raise DomainError(
            "This batch needs {micro} {currency} in escrow again and {short_micro} are missing: deposit that much first.",
            field="funds",
            code="insufficient_funds",
            missing_micro=short.short_micro,
            said={
                "micro": to_text(micro),
                "currency": batch.currency,
                "short_micro": to_text(short.short_micro),
            },
        ) from short
