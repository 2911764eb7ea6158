from django.db import transaction

from ledger import clock
from people.access import get_token_for
from people.audit import record
from people.models import ApiToken, Person


@transaction.atomic
def revoke_token(actor: Person, token_id: int) -> ApiToken:
    """The token opens nothing from now on; safe to repeat."""
    token = get_token_for(actor, token_id, lock=True)
    if token.revoked_at is None:
        token.revoked_at = clock.now()
        token.save(update_fields=["revoked_at"])
        record(actor, "people.revoke_token", token)
    return token
