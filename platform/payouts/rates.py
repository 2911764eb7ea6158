"""What her money is in the currency of where she lives: by a rate that the operator has set, with its day and its source. Reading only.

Nothing is ever paid by it: the ledger counts in settings.CURRENCY. Where no rate of the last days is set, that currency is shown.
"""

from __future__ import annotations

import json
from datetime import timedelta
from functools import cache
from pathlib import Path

from django.conf import settings

from ledger import clock
from payouts.models import ExchangeRate
from people.addresses import country_of
from people.models import Worker

KEPT_FOR = timedelta(days=7)  # over weekends and holidays banks set none; an older one says nothing of today


@cache
def currencies() -> dict[str, str]:
    """ISO 3166 country -> ISO 4217 currency, as in use in 2026."""
    return json.loads((Path(__file__).parent / "country_currencies.json").read_text())


def currency_of(worker: Worker) -> str:
    """Where she lives, as she said, or whose her number is; nothing where neither is known."""
    return currencies().get(worker.country or country_of(worker.person.phone), "")


def rate_for(worker: Worker) -> dict | None:
    """{"currency", "rate_micro": millionths of it for one unit of the ledger's currency, "day", "source"}, or None."""
    hers = currency_of(worker)
    if not hers or hers == settings.CURRENCY:
        return None
    rows = ExchangeRate.objects.filter(base=settings.CURRENCY, currency=hers, day__gte=clock.today() - KEPT_FOR)
    rate = rows.order_by("-day", "-pk").first()
    if rate is None:
        return None
    return {
        "currency": rate.currency,
        "rate_micro": rate.rate_micro,
        "day": rate.day.isoformat(),
        "source": rate.source,
    }
