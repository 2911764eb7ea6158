from django.db import transaction

from kernel.errors import Conflict
from people.access import get_token_for
from people.audit import record
from people.models import ApiToken, Person, end_of_new_token


@transaction.atomic
def renew_token(actor: Person, token_id: int) -> ApiToken:
    """The token lives TOKEN_DAYS from now, also one that has just ended. One that was revoked stays so."""
    token = get_token_for(actor, token_id, lock=True)
    if token.revoked_at is not None:
        raise Conflict("This token was revoked: make a new one.", field="token", code="revoked")
    token.expires_at = end_of_new_token()
    token.save(update_fields=["expires_at"])
    record(actor, "people.renew_token", token, until=token.expires_at.isoformat())
    return token
