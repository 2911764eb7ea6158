"""She closes her account: what can be paid out is hers to take first, what is too little for that she may give away."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Max

from kernel.refusals import Refusal
from labelling.conduct.holds import FIRST_DAY, hold_of
from labelling.models import Answer
from ledger import verbs
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
    available = balance(verbs.available_of(worker.pk), settings.CURRENCY)
    return available if available < _least_micro() else 0


def _least_micro() -> int:
    return get_provider(default_provider()).limits(settings.CURRENCY).min_micro


def _check_on_the_way(worker: Worker) -> None:
    payout = Payout.objects.filter(worker=worker, state__in=Payout.OPEN).order_by("created_at").first()
    if payout is None:
        return
    wait = wait_in_words(payout)
    when = f"{wait['sentence']} Wait for it, or call it back." if wait else "Close the account once it has arrived."
    raise Refusal(
        f"{_words(payout.amount_micro)} are on their way to you. {when}",
        field="money",
        code="money_on_the_way",
        amount_micro=payout.amount_micro,
        until=wait["until"] if wait else None,
    )


def _check_pending(worker: Worker) -> None:
    pending = balance(verbs.pending_of(worker.pk), settings.CURRENCY)
    if pending:
        last = Answer.objects.filter(worker=worker, settlement=None).aggregate(at=Max("received_at"))["at"]
        until = last + BASE_PAY_WITHIN + timedelta(hours=1) if last else None
        by = f" by {until:%Y-%m-%d %H:%M} UTC" if until else " soon"
        raise Refusal(
            f"{_words(pending)} are still being checked and are yours{by}: close the account then.",
            field="money",
            code="money_pending",
            amount_micro=pending,
            until=until and until.isoformat(),
        )


def _check_available(worker: Worker, give_away: bool) -> None:
    source, target = verbs.available_of(worker.pk), verbs.donations_to(settings.DONATIONS_TO)
    available = locked([source, target], settings.CURRENCY)[source]
    if not available:
        return
    if available >= _least_micro():
        hold = hold_of(worker)
        why = hold.sentence if hold and hold.kept_micro else "Have it paid out first, then close the account."
        raise Refusal(f"{_words(available)} of your money are still here. {why}", **_left(available))
    if not give_away:
        raise Refusal(
            f"{_words(available)} are left, less than can be paid out ({_words(_least_micro())}). Say that you give them to "
            f"{settings.DONATIONS_TO}, and the account is closed; or earn a little more first.",
            field="give_away",
            code="dust_left",
            amount_micro=available,
            least_micro=_least_micro(),
        )
    record(worker.person, "payouts.give_away", worker, amount_micro=available, to=settings.DONATIONS_TO)
    post_many([verbs.donate(f"worker-{worker.pk}", worker.pk, available, settings.CURRENCY, settings.DONATIONS_TO)])


def _left(available_micro: int) -> dict:
    return {"field": "money", "code": "money_left", "amount_micro": available_micro}


def _words(micro: int) -> str:
    text = f"{micro / 1_000_000:,.6f}".rstrip("0")
    whole, _, rest = text.partition(".")
    return f"{whole}.{rest:0<2} {settings.CURRENCY}"
