"""What a payout waits for, until when, and how she is told. Each wait has a date and a reason; she may cancel, or ask for it sooner.

Why it is so: docs/decisions/holds-on-money.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Min

from kernel.errors import DomainError
from kernel.say import say
from labelling.conduct.holds import Hold, hold_of
from labelling.conduct.paid_since import paid_since
from ledger import clock
from ledger.factories import available_of
from ledger.reading import balance
from payouts.models import BankTransfer, Deposit, Payout
from people.models import Worker

SENTENCES = {
    "first": "This is your first payout: it is sent after {until}, so that nobody else can take your money in a hurry.",
    "destination": "You were never paid to this number: it is sent after {until}, so that nobody else can take your money in a hurry.",
    "settling": "It was earned with a new organisation, whose payment is being checked: it is sent after {until} at the latest.",
    "look": "A person looks at it first: it is sent after {until} at the latest. You can ask for it sooner and say why.",
}


@dataclass(frozen=True)
class Wait:
    reason: str
    until: datetime

    @property
    def sentence(self) -> str:
        return say(SENTENCES[self.reason], until=f"{self.until:%Y-%m-%d %H:%M} UTC")


def wait_in_words(payout: Payout) -> dict | None:
    """As she reads it; None once it is on its way."""
    if payout.not_before is None or payout.state != Payout.State.CREATED:
        return None
    wait = Wait(payout.waits_for, payout.not_before)
    asked = payout.appealed_at and payout.appealed_at.isoformat()
    return {"reason": wait.reason, "until": wait.until.isoformat(), "sentence": wait.sentence, "appealed_at": asked}


def wait_of(worker: Worker, destination_hash: str, amount_micro: int, currency: str) -> Wait | None:
    """The longest of what a payout of this amount to this number would wait for now."""
    waits = [_for_the_number(worker, destination_hash), _for_settling(worker, amount_micro, currency)]
    now = clock.now()
    return max((wait for wait in waits if wait and wait.until > now), key=lambda wait: wait.until, default=None)


def is_known(worker: Worker, destination_hash: str) -> bool:
    """She has asked for money to this number before, with a second look, and did not cancel it."""
    return _asked_to(worker, destination_hash).exists()


def _asked_to(worker: Worker, destination_hash: str):
    return Payout.objects.filter(worker=worker, destination_hash=destination_hash).exclude(state=Payout.State.CANCELLED)


def _for_the_number(worker: Worker, destination_hash: str) -> Wait:
    since = _asked_to(worker, destination_hash).aggregate(at=Min("created_at"))["at"]
    others = Payout.objects.filter(worker=worker).exclude(state=Payout.State.CANCELLED)
    reason = "destination" if others.exclude(destination_hash=destination_hash).exists() else "first"
    return Wait(reason, (since or clock.now()) + timedelta(seconds=settings.PAYOUT_FIRST_WAIT_S))


def _for_settling(worker: Worker, amount_micro: int, currency: str) -> Wait | None:
    """Money that a new organisation's card brought can go back to the card: a little of it is paid at once, the rest when it is settled."""
    earned, until = unsettled(worker)
    kept = max(0, earned - settings.UNSETTLED_PAYOUT_MICRO)
    if until is None or amount_micro <= balance(available_of(worker.pk), currency) - kept:
        return None
    return Wait("settling", until)


def unsettled(worker: Worker) -> tuple[int, datetime | None]:
    """What she earned with organisations whose first payment is not settled, and when the last of them is."""
    since = clock.now() - timedelta(seconds=settings.DEPOSIT_SETTLE_S)
    earned = paid_since(worker, since)
    dates = settling_until(earned)
    return sum(earned[one] for one in dates), max(dates.values(), default=None)


def settling_until(organisation_ids) -> dict[int, datetime]:
    """Of these organisations, those that have paid in by card and not long enough ago; and until when."""
    came = Deposit.objects.filter(
        organisation__in=list(organisation_ids), state__in=[Deposit.State.PAID, Deposit.State.REVERSED]
    )
    first = came.values_list("organisation").annotate(at=Min("finished_at"))
    by_bank = BankTransfer.objects.exclude(confirmed_at=None).values("organisation")  # nobody takes those back
    first = first.exclude(organisation__in=by_bank)
    delay, now = timedelta(seconds=settings.DEPOSIT_SETTLE_S), clock.now()
    return {organisation: at + delay for organisation, at in first if at + delay > now}


def refuse_what_is_held(worker: Worker, amount_micro: int, available_micro: int) -> None:
    """Raises DomainError, with the date and the way to appeal, when a hold on her pay keeps what she asks for."""
    hold = hold_of(worker)
    if hold is not None and amount_micro > hold.free_micro(available_micro):
        raise held(hold)


def held(hold: Hold) -> DomainError:
    return DomainError(hold.sentence, field="amount_micro", code="held", status=409, until=hold.until.isoformat())
