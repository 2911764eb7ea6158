from django.db import transaction

from ledger import clock
from people.audit import record
from people.models import ApiToken, Person


@transaction.atomic
def end_tokens(person: Person, why: str) -> int:
    """All of her tokens open nothing from now on: who changes her password, or signs out everywhere, shuts every door."""
    ended = ApiToken.objects.filter(person=person, revoked_at=None).update(revoked_at=clock.now())
    if ended:
        record(person, "people.end_tokens", person, tokens=ended, why=why)
    return ended
