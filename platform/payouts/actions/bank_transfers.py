"""A bank transfer received: the first real way in. Two admins, one reference, one deposit; it is settled at once."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction

from kernel.errors import Conflict, DomainError, Forbidden, NotFound
from kernel.texts import is_text
from ledger import clock, factories
from ledger.posting import locked, post_many
from payouts.actions.request_deposit import check_paid_in
from payouts.models import BankTransfer
from people.access import get_organisation_for, require_admin
from people.audit import record
from people.models import Person

BANK = "bank"  # whose float it is: our account there


@transaction.atomic
def record_transfer(
    actor: Person, transfer_id: UUID, organisation_id: int, amount_micro: int, reference: str
) -> BankTransfer:
    """Nothing is booked until somebody else has confirmed it. Safe to repeat with the same id."""
    require_admin(actor)
    organisation = get_organisation_for(actor, organisation_id)
    check_paid_in(amount_micro)
    if not is_text(reference, 80):
        raise DomainError("Give the reference of the bank's statement, in 1 to 80 characters.", field="reference")
    said = {"organisation": organisation, "amount_micro": amount_micro, "reference": reference.strip()}
    if (stored := BankTransfer.objects.filter(pk=transfer_id).first()) is not None:
        if any(getattr(stored, name) != value for name, value in said.items()):
            raise Conflict("This id was already used for another transfer: use a new id.", field="id", code="id_taken")
        return stored
    try:
        with transaction.atomic():
            made = BankTransfer.objects.create(id=transfer_id, currency=settings.CURRENCY, recorded_by=actor, **said)
    except IntegrityError as known:
        raise Conflict(
            "This reference is recorded already: a transfer is booked once.", field="reference", code="booked"
        ) from known
    detail = {"amount_micro": amount_micro, "reference": made.reference}
    record(actor, "payouts.record_transfer", organisation, **detail)
    return made


@transaction.atomic
def confirm_transfer(actor: Person, transfer_id: UUID) -> BankTransfer:
    """A second person has seen it on the statement: it is the requester's, less what she owes. Safe to repeat."""
    require_admin(actor)
    transfer = BankTransfer.objects.select_for_update().filter(pk=transfer_id).first()
    if transfer is None:
        raise NotFound
    if transfer.confirmed_at is not None:
        return transfer
    if transfer.recorded_by_id == actor.pk:
        raise Forbidden(
            "Who recorded a transfer does not confirm it: a second person looks at the statement.", code="own_transfer"
        )
    transfer.confirmed_by, transfer.confirmed_at = actor, clock.now()
    transfer.save(update_fields=["confirmed_by", "confirmed_at"])
    detail = {"amount_micro": transfer.amount_micro, "reference": transfer.reference}
    record(actor, "payouts.confirm_transfer", transfer.organisation, **detail)
    _book(transfer)
    return transfer


def _book(transfer: BankTransfer) -> None:
    organisation_id, debt = transfer.organisation_id, factories.debt_of(transfer.organisation_id)
    held = locked([debt, factories.funds_of(organisation_id), factories.float_of(BANK)], transfer.currency)
    reference = f"{BANK}:{transfer.pk}"
    amount_micro, currency = transfer.amount_micro, transfer.currency
    post_many([factories.deposit(reference, organisation_id, amount_micro, currency, BANK, owed_micro=-held[debt])])
