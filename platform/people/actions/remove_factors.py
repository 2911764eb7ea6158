from allauth.mfa.models import Authenticator
from django.db import transaction

from kernel.errors import Forbidden
from people.access import require_admin
from people.actions.end_sessions import end_sessions
from people.audit import record
from people.models import Person
from people.telling import Message, tell

REMOVED = Message(
    "Your second factor was removed",
    "An admin has removed your passkeys and your app's codes, because they were said to be lost. Sign in and set up new ones. If it was "
    "not you who asked, tell us at once.",
)


@transaction.atomic
def remove_factors(actor: Person, person: Person) -> int:
    """For who has lost her app and her recovery codes, once an admin has made sure who she is (docs/security.md). She is written to."""
    require_admin(actor)
    if actor.pk == person.pk:
        raise Forbidden("Nobody removes her own second factor here: ask another admin.", code="own_factor")
    removed, _ = Authenticator.objects.filter(user=person).delete()
    end_sessions(actor, person)
    record(actor, "people.remove_factors", person, factors=removed)
    transaction.on_commit(lambda: tell(person, REMOVED))
    return removed
