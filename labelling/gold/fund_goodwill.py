"""The operator puts own money into goodwill: nothing can be given that was not paid in first."""

from __future__ import annotations

from django.conf import settings
from django.db import transaction

from kernel.errors import Conflict, DomainError
from labelling.gold.goodwill import Pocket, pocket
from ledger import factories
from ledger.errors import KeyConflict
from ledger.posting import locked, post_many
from people.access import require_admin
from people.audit import record
from people.models import Person


@transaction.atomic
def fund_goodwill(actor: Person, amount_micro: int, reference: str, provider: str) -> Pocket:
    """What was given before there was any comes first. One reference of the rail's statement is booked once."""
    require_admin(actor)
    if amount_micro <= 0:
        raise DomainError("The amount must be more than nothing.", field="amount")
    if not 1 <= len(reference) <= 80:
        raise DomainError("reference must hold 1 to 80 characters.", field="reference")
    before = factories.goodwill_before_funding()
    held = locked([before, factories.goodwill_of_platform(), factories.float_of(provider)], settings.CURRENCY)
    owed_micro = max(0, -held[before])
    before_micro = min(amount_micro, owed_micro)
    paid_in = factories.fund_goodwill(reference, amount_micro - before_micro, before_micro, settings.CURRENCY, provider)
    try:
        [posted] = post_many([paid_in])
    except KeyConflict as known:
        raise Conflict("This reference is booked already.", field="reference", code="booked") from known
    if posted.created:
        detail = {"amount_micro": amount_micro, "before_micro": before_micro, "reference": reference}
        record(actor, "goodwill.fund", provider, **detail)
    return pocket()
