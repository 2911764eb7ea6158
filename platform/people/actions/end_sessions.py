from allauth.usersessions.models import UserSession
from django.db import transaction

from people.access import require_admin
from people.actions.end_tokens import end_tokens
from people.audit import record
from people.models import Person


@transaction.atomic
def end_sessions(actor: Person, person: Person) -> int:
    """An admin shuts every door that stands open for this person: sessions and programs' tokens. She signs in anew."""
    require_admin(actor)
    sessions = list(UserSession.objects.filter(user=person))
    for session in sessions:
        session.end()
    end_tokens(person, "ended by an admin")
    record(actor, "people.end_sessions", person, sessions=len(sessions))
    return len(sessions)
