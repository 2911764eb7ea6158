"""She has read what is stored and who sees it, says that she is of age, and agrees: recorded with the version of the page."""

from __future__ import annotations

import re

from django.conf import settings
from django.db import transaction

from kernel.errors import Conflict, DomainError
from ledger import clock
from people.audit import record
from people.models import Person, Worker

_COUNTRY = re.compile(r"[A-Z]{2}")


@transaction.atomic
def agree_to_terms(person: Person, version: str, *, country: str, adult: bool) -> None:
    """Safe to repeat. `version` is the one that she was shown: an older page is not what stands now."""
    if version != settings.TERMS_VERSION:
        raise Conflict("This page has changed: read it again.", field="version", code="terms_changed")
    if adult is not True:
        raise DomainError("Ilima is for adults: say that you are 18 or older.", field="adult", code="not_adult")
    if not isinstance(country, str) or not _COUNTRY.fullmatch(country):
        raise DomainError("Choose the country in which you live.", field="country", code="country")
    person.terms_version, person.terms_at = version, clock.now()
    person.save(update_fields=["terms_version", "terms_at"])
    Worker.objects.filter(person=person).update(country=country)
    record(person, "people.agree_to_terms", person, version=version, country=country)
