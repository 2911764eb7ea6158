"""A worker asks for her money: it leaves her balance in the same transaction in which the order is written."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Count, Sum

from delivery.outbox import emit
from kernel.errors import Conflict, DomainError
from kernel.money import to_text
from labelling.conduct.holds import hold_of
from ledger import clock
from ledger.errors import InsufficientFunds
from ledger.factories import available_of
from ledger.posting import balance, locked, post_many
from payouts import money
from payouts.encryption import seal
from payouts.enqueue import enqueue
from payouts.links import hold_for_a_look, look_for_links
from payouts.marks import mark_of_number
from payouts.models import Payout
from payouts.providers import default_provider, get_provider
from payouts.providers.base import Limits
from payouts.waiting import held, refuse_what_is_held, wait_of
from people.addresses import is_e164
from people.audit import record
from people.models import Worker


def request_payout(
    worker: Worker,
    payout_id: UUID,
    amount_micro: int | None,
    phone: str,
    provider: str | None = None,
    currency: str | None = None,
) -> Payout:
    """The payout, new or the one that stands under this id. `phone` is E.164 (people.addresses.clean_phone); `amount_micro` None
    means everything she may have now.

    The amount is rounded down to what the rail can pay; the rest stays hers. It may wait (waiting.py): then `not_before` and
    `waits_for` say until when and why. Raises DomainError; then nothing has changed. A number that she was never paid to needs a
    second look at who is asking: the caller has taken it.
    """
    provider, currency = provider or default_provider(), currency or settings.CURRENCY
    if (stored := _stored(worker, payout_id, amount_micro, phone)) is not None:
        return stored
    limits = _limits(provider, currency)
    _check_phone(phone)
    whole_micro = _rounded(worker, amount_micro, currency, limits)
    check_amount(whole_micro, currency, limits)
    marked = mark_of_number(phone)
    wait = wait_of(worker, marked, whole_micro, currency)
    payout = Payout(
        id=payout_id, worker=worker, provider=provider, amount_micro=whole_micro, currency=currency,
        destination_sealed=seal(phone), destination_hint=phone[-3:], destination_hash=marked,
        not_before=wait.until if wait else None, waits_for=wait.reason if wait else "",
        next_try_at=wait.until if wait else clock.now(),
    )  # fmt: skip
    try:
        _write(payout)
    except IntegrityError:  # the same id in the same moment: one of the two stands
        return _stored(worker, payout_id, amount_micro, phone) or _refuse_id()
    return payout


@transaction.atomic
def _write(payout: Payout) -> None:
    payout.save(force_insert=True)
    try:
        before = locked(money.accounts_to_request(payout), payout.currency)[available_of(payout.worker_id)]
        post_many([money.payout_requested(payout)])
    except InsufficientFunds as error:
        available_micro = payout.amount_micro - error.short_micro
        raise DomainError(
            "You have {available} available; ask for that or less.",
            field="amount_micro",
            code="insufficient_funds",
            said={"available": to_text(available_micro, payout.currency)},
            available_micro=available_micro,
        ) from error
    refuse_what_is_held(payout.worker, payout.amount_micro, before)
    _check_day(payout)
    if flag := look_for_links(payout):
        hold_for_a_look(payout, flag.until)
    detail = {"amount_micro": payout.amount_micro, "currency": payout.currency, "waits_for": payout.waits_for}
    record(payout.worker.person, "payouts.request_payout", payout, **detail)
    if payout.not_before:
        emit("payout.waits", {"payout": str(payout.pk), "waits_for": payout.waits_for})
    else:
        transaction.on_commit(lambda: enqueue("payout", payout.pk), robust=True)


def _check_day(payout: Payout) -> None:
    """Her account is locked, so two requests at once are counted one after the other."""
    since = clock.now() - timedelta(hours=24)
    day = Payout.objects.filter(worker=payout.worker, created_at__gt=since, currency=payout.currency)
    day = day.exclude(state__in=[Payout.State.CANCELLED, Payout.State.FAILED])
    asked = day.aggregate(n=Count("pk"), micro=Sum("amount_micro", default=0))
    if asked["n"] > settings.PAYOUT_DAY_COUNT or asked["micro"] > settings.PAYOUT_DAY_MICRO:
        most = to_text(settings.PAYOUT_DAY_MICRO, payout.currency)
        raise DomainError(
            "In 24 hours at most {most} are paid out, in {count} payouts at most: ask for the rest tomorrow.",
            field="amount_micro",
            code="day_limit",
            most_micro=settings.PAYOUT_DAY_MICRO,
            count=settings.PAYOUT_DAY_COUNT,
            said={"most": most, "count": settings.PAYOUT_DAY_COUNT},
        )


def _stored(worker: Worker, payout_id: UUID, amount_micro: int | None, phone: str) -> Payout | None:
    stored = Payout.objects.filter(pk=payout_id).first()
    if stored is None:
        return None
    asked = (
        amount_micro is None
        or 0 <= amount_micro - stored.amount_micro < _limits(stored.provider, stored.currency).unit_micro
    )
    if stored.worker_id != worker.pk or not asked or stored.destination != phone:
        _refuse_id()
    return stored


def _refuse_id() -> Payout:
    raise Conflict(
        "This id was already used for another payout: use a new id for a new payout.", field="id", code="id_taken"
    )


def _limits(provider: str, currency: str) -> Limits:
    if provider not in settings.PAYOUT_PROVIDERS:
        raise DomainError(
            "We cannot pay by {provider}: choose one of {choices}.",
            field="provider",
            said={"provider": f"{provider!r}", "choices": ", ".join(settings.PAYOUT_PROVIDERS)},
        )
    return get_provider(provider).limits(currency)


def _rounded(worker: Worker, amount_micro: int | None, currency: str, limits: Limits) -> int:
    if amount_micro is None:
        amount_micro = min(_free_micro(worker, currency, limits), limits.max_micro)
    if type(amount_micro) is not int:
        raise DomainError("The amount must be a whole number of micro-units.", field="amount_micro", code="amount")
    return amount_micro - amount_micro % limits.unit_micro


def _free_micro(worker: Worker, currency: str, limits: Limits) -> int:
    """All that she may have paid out now; a refusal, with its date, when a hold leaves too little."""
    available, hold = balance(available_of(worker.pk), currency), hold_of(worker)
    free = hold.free_micro(available) if hold else available
    if hold and free < limits.min_micro <= available:
        raise held(hold)
    return free


def _check_phone(phone: str) -> None:
    """Somebody else has read what she typed (people.addresses.clean_phone): here only E.164 goes on to a rail."""
    if not is_e164(phone):
        raise DomainError(
            "Give the phone number with its country code, for example +27821234567.",
            field="destination.phone",
            code="bad_phone",
        )


def check_amount(amount_micro: int, currency: str, limits: Limits) -> None:
    if amount_micro < limits.min_micro:
        least = to_text(limits.min_micro, currency)
        raise DomainError(
            "The least that can be paid out is {least}; earn a little more first.",
            field="amount_micro",
            code="below_minimum",
            least_micro=limits.min_micro,
            said={"least": least},
        )
    if amount_micro > limits.max_micro:
        most = to_text(limits.max_micro, currency)
        raise DomainError(
            "The most that can be paid at once is {most}; ask twice.",
            field="amount_micro",
            code="above_maximum",
            most_micro=limits.max_micro,
            said={"most": most},
        )
