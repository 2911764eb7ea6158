"""An admin says who may confirm the sentences of a language, or that she no longer may."""

from __future__ import annotations

from django.conf import settings
from django.db import transaction

from kernel.errors import DomainError
from people.access import get_person_by_address, require_admin
from people.audit import record
from people.models import Person
from people.telling import Message, tell
from wording.models import Speaker
from wording.sentences import languages

NAMED = Message("You speak for your language", "You may now confirm what Ilima says in your language: {link}")


@transaction.atomic
def name_speaker(actor: Person, language: str, address: str, may: bool = True) -> None:
    """Safe to repeat."""
    require_admin(actor)
    if language not in languages():
        raise DomainError("Choose one of the languages.", field="language")
    person = get_person_by_address(address)
    if person is None:
        raise DomainError("Nobody here has this address: she signs in once, then you name her.", field="address")
    if may:
        changed = Speaker.objects.get_or_create(person=person, language=language)[1]
    else:
        changed = bool(Speaker.objects.filter(person=person, language=language).delete()[0])
    if changed and may:
        link = f"{settings.PUBLIC_URL}/console/languages/{language}/"
        transaction.on_commit(lambda: tell(person, NAMED, link=link))
    if changed:
        record(actor, "wording.name_speaker" if may else "wording.dismiss_speaker", person, language=language)
