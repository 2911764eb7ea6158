"""The platform's own pocket. The operator funds it by hand; a budget a day, an audit entry and an alarm stand by each transfer."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.db.models import Sum

from kernel.money import to_text
from ledger import clock, factories
from ledger.models import Leg
from ledger.reading import balance
from people.audit import record
from people.models import Person

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Pocket:
    """What lies in it, what was given today, and what may still be."""

    balance_micro: int
    given_today_micro: int

    @property
    def left_micro(self) -> int:
        return max(0, min(self.balance_micro, settings.GOODWILL_DAY_MICRO - self.given_today_micro))


def pocket() -> Pocket:
    """Whoever gives locks the account first: then a day's budget is one budget."""
    day = clock.now().replace(hour=0, minute=0, second=0, microsecond=0)
    source = factories.goodwill_of_platform()
    out = Leg.objects.filter(
        account__kind=source.kind, account__owner=source.owner, account__currency=settings.CURRENCY
    )
    out = out.filter(transfer__kind="goodwill", transfer__effective_at__gte=day)
    given_micro = -(out.aggregate(micro=Sum("amount_micro"))["micro"] or 0)
    return Pocket(balance(source, settings.CURRENCY), int(given_micro))


def alarm(actor: Person | None, target, amount_micro: int, why: str) -> None:
    """In the transaction of the transfer. Each one is looked at by a person: it means that somebody else could not pay."""
    record(actor, "goodwill.give", target, amount_micro=amount_micro, why=why)
    said = f"goodwill paid {to_text(amount_micro, settings.CURRENCY, places=6)}: {why}"
    transaction.on_commit(lambda: log.error(said))  # what is rolled back was not paid
