"""The rate of a day: what one unit of the ledger's currency is in another. It changes what is shown, never what is paid."""

from __future__ import annotations

from datetime import date, timedelta

from django.conf import settings
from django.db import transaction

from kernel.errors import DomainError
from kernel.texts import is_text
from ledger import clock
from payouts.models import ExchangeRate
from payouts.rates import KEPT_FOR, currencies
from people.access import require_admin
from people.audit import record
from people.models import Person

MAX_RATE_MICRO = 10**12  # a million for one: more than any currency in use asks for


@transaction.atomic
def set_rate(actor: Person, currency: str, rate_micro: int, source: str, day: date) -> ExchangeRate:
    """The last one that is set for a day counts; those before it stay."""
    require_admin(actor)
    if currency not in currencies().values() or currency == settings.CURRENCY:
        raise DomainError(
            "{currency} is no currency that money can be shown in: use three letters, for example ZAR.",
            field="currency",
            said={"currency": currency[:20]},
        )
    if not 0 < rate_micro <= MAX_RATE_MICRO:
        raise DomainError("The rate must be more than 0 and at most a million.", field="rate")
    if not is_text(source, 120):
        raise DomainError("Name the source of the rate, in 1 to 120 characters.", field="source")
    if not clock.today() - KEPT_FOR <= day <= clock.today() + timedelta(days=1):  # somewhere it is tomorrow
        raise DomainError("The day must be one of the last seven: an older rate is not shown.", field="day")
    made = ExchangeRate.objects.create(
        base=settings.CURRENCY, currency=currency, rate_micro=rate_micro, source=source.strip(), day=day, said_by=actor
    )
    detail = {"currency": currency, "rate_micro": rate_micro, "source": made.source, "day": day.isoformat()}
    record(actor, "payouts.set_rate", made, **detail)
    return made
