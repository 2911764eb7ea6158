"""A requester puts money in by card. Nothing is posted until the rail says that it took the money."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Sum

from kernel.errors import Conflict, DomainError
from kernel.money import CENT_MICRO, MICRO, to_text
from ledger import clock
from payouts.encryption import seal
from payouts.enqueue import enqueue
from payouts.models import BankTransfer, Deposit
from payouts.providers import default_provider
from people.audit import record
from people.models import Organisation, Person

MAX_DEPOSIT_MICRO = 100_000 * MICRO


def request_deposit(
    actor: Person,
    organisation: Organisation,
    deposit_id: UUID,
    amount_micro: int,
    card: str,
    provider: str | None = None,
    currency: str | None = None,
) -> Deposit:
    """The deposit, new or the one that stands under this id. `card` is the rail's token, for example "card-ok" on the simulated one.

    Call `charge_deposit(deposit)` to charge it now; otherwise the next sweep does. The caller has authorised the actor. Raises DomainError.
    """
    check_deposit(amount_micro, card)
    provider, currency = provider or default_provider(), currency or settings.CURRENCY
    if (stored := _stored(organisation, deposit_id, amount_micro, currency, card)) is not None:
        return stored
    deposit = Deposit(
        id=deposit_id,
        organisation=organisation,
        asked_by=actor,
        provider=provider,
        amount_micro=amount_micro,
        currency=currency,
        destination_sealed=seal(card),
    )
    try:
        with transaction.atomic():
            _check_day(deposit)
            deposit.save(force_insert=True)
            record(actor, "payouts.request_deposit", deposit, amount_micro=amount_micro, currency=currency)
            transaction.on_commit(lambda: enqueue("charge", deposit.pk), robust=True)
    except IntegrityError:  # the same id in the same moment: one of the two stands
        return _stored(organisation, deposit_id, amount_micro, currency, card) or _refuse_id()
    return deposit


def _check_day(deposit: Deposit) -> None:
    """A new organisation pays in a little at a time until its first payment is settled: a stolen card is no cash machine."""
    Organisation.objects.select_for_update(no_key=True).get(
        pk=deposit.organisation_id
    )  # two at once are counted one by one
    mine = Deposit.objects.filter(organisation=deposit.organisation_id, currency=deposit.currency)
    now, settle = clock.now(), timedelta(seconds=settings.DEPOSIT_SETTLE_S)
    by_bank = BankTransfer.objects.filter(organisation=deposit.organisation_id).exclude(confirmed_at=None)
    settled = mine.filter(state=Deposit.State.PAID, finished_at__lte=now - settle).exists() or by_bank.exists()
    most = settings.DEPOSIT_DAY_MICRO if settled or not settle else settings.NEW_DEPOSIT_DAY_MICRO
    day = mine.filter(created_at__gt=now - timedelta(hours=24)).exclude(state=Deposit.State.FAILED)
    left = most - (day.aggregate(micro=Sum("amount_micro"))["micro"] or 0)
    if deposit.amount_micro > left:
        raise DomainError(
            "An organisation pays in at most {most} {currency} in 24 hours: {left} are left now."
            if settled
            else "An organisation pays in at most {most} {currency} in 24 hours while its first payment is being checked: {left} are "
            "left now.",
            field="amount_micro",
            code="day_limit",
            said={
                "most": to_text(most),
                "currency": deposit.currency,
                "left": to_text(max(0, left)),
            },
        )


def check_paid_in(amount_micro: int) -> None:
    """By card or by bank: whole cents, for what nobody can move cannot arrive."""
    if type(amount_micro) is not int or not 0 < amount_micro <= MAX_DEPOSIT_MICRO:
        raise DomainError(
            "The amount must be more than 0 and at most {most}.",
            field="amount_micro",
            said={"most": f"{MAX_DEPOSIT_MICRO // MICRO:,}"},
        )
    if amount_micro % CENT_MICRO:
        raise DomainError(
            "The amount must be whole cents: two decimals at most.", field="amount_micro", code="whole_cents"
        )


def check_deposit(amount_micro: int, card: str) -> None:
    check_paid_in(amount_micro)
    if not 0 < len(card) <= 100:
        raise DomainError("Give the token of the card that the payment page made.", field="card")


def _stored(
    organisation: Organisation, deposit_id: UUID, amount_micro: int, currency: str, card: str
) -> Deposit | None:
    stored = Deposit.objects.filter(pk=deposit_id).first()
    if stored is None:
        return None
    known = stored.organisation_id, stored.amount_micro, stored.currency, stored.destination
    if known != (organisation.pk, amount_micro, currency, card):
        _refuse_id()
    return stored


def _refuse_id() -> Deposit:
    raise Conflict(
        "This id was already used for another deposit: use a new id for a new deposit.", field="id", code="id_taken"
    )
