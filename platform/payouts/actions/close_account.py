"""She closes her account: what can be paid out is hers to take first, what is too little for that she may give away."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Max

from kernel.errors import DomainError
from kernel.money import to_text
from kernel.say import say
from labelling.conduct.holds import FIRST_DAY, hold_of
from labelling.models import Answer
from ledger import factories
from ledger.posting import locked, post_many
from ledger.reading import balance
from payouts.models import Payout
from payouts.providers import default_provider, get_provider
from payouts.waiting import wait_in_words
from people.actions.erase_person import erase_person
from people.audit import record
from people.models import Person, Worker

BASE_PAY_WITHIN = FIRST_DAY  # the crowd need not agree first: docs/decisions/holds.md


@transaction.atomic
def close_account(person: Person, give_away: bool = False) -> None:
    """Refused, with nothing changed and a date where there is one, while money is pending, on its way, or enough to be paid out.

    give_away: her own choice for what is below the least that can be paid out; it goes to the account of settings.DONATIONS_TO.
    """
    worker = Worker.objects.filter(person=person).first()
    if worker is not None:
        _check_on_the_way(worker)
        _check_pending(worker)
        _check_available(worker, give_away)
    erase_person(person)


def dust_micro(worker: Worker) -> int:
    """What she has and nobody can pay out; 0 when it is nothing, or enough."""
    available = balance(factories.available_of(worker.pk), settings.CURRENCY)
    return available if available < _least_micro() else 0


def _least_micro() -> int:
    return get_provider(default_provider()).limits(settings.CURRENCY).min_micro


def _check_on_the_way(worker: Worker) -> None:
    payout = Payout.objects.filter(worker=worker, state__in=Payout.OPEN).order_by("created_at").first()
    if payout is None:
        return
    wait = wait_in_words(payout)
    until = wait["sentence"] if wait else ""
    raise DomainError(
        "{amount} are on their way to you. {until} Wait for it, or call it back."
        if wait
        else "{amount} are on their way to you. Close the account once it has arrived.",
        field="money",
        code="money_on_the_way",
        amount_micro=payout.amount_micro,
        until=wait["until"] if wait else None,
        said={"amount": _words(payout.amount_micro), "until": until},
    )


def _check_pending(worker: Worker) -> None:
    pending = balance(factories.pending_of(worker.pk), settings.CURRENCY)
    if pending:
        last = Answer.objects.filter(worker=worker, settlement=None).aggregate(at=Max("received_at"))["at"]
        until = last + BASE_PAY_WITHIN + timedelta(hours=1) if last else None
        raise DomainError(
            "{pending} are still being checked and are yours by {until}: close the account then."
            if until
            else "{pending} are still being checked and are yours soon: close the account then.",
            field="money",
            code="money_pending",
            amount_micro=pending,
            until=until and until.isoformat(),
            said={"pending": _words(pending), "until": f"{until:%Y-%m-%d %H:%M} UTC" if until else ""},
        )


def _check_available(worker: Worker, give_away: bool) -> None:
    source, target = factories.available_of(worker.pk), factories.donations_to(settings.DONATIONS_TO)
    available = locked([source, target], settings.CURRENCY)[source]
    if not available:
        return
    if available >= _least_micro():
        hold = hold_of(worker)
        why = hold.sentence if hold and hold.kept_micro else say("Have it paid out first, then close the account.")
        raise DomainError(
            "{available} of your money are still here. {why}",
            **_left(available),
            said={"available": _words(available), "why": why},
        )
    if not give_away:
        raise DomainError(
            "{available} are left, less than can be paid out ({least_micro}). Say that you give them to {fund}, and the account is "
            "closed; or earn a little more first.",
            field="give_away",
            code="dust_left",
            amount_micro=available,
            least_micro=_least_micro(),
            said={"available": _words(available), "least_micro": _words(_least_micro()), "fund": settings.DONATIONS_TO},
        )
    record(worker.person, "payouts.give_away", worker, amount_micro=available, to=settings.DONATIONS_TO)
    post_many([factories.donate(f"worker-{worker.pk}", worker.pk, available, settings.CURRENCY, settings.DONATIONS_TO)])


def _left(available_micro: int) -> dict:
    return {"field": "money", "code": "money_left", "amount_micro": available_micro}


def _words(micro: int) -> str:
    text = to_text(micro, places=6).rstrip("0")
    whole, _, rest = text.partition(".")
    return f"{whole}.{rest:0<2} {settings.CURRENCY}"
