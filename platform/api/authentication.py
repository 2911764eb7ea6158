"""`Authorization: Bearer ilm_...`: a person's API token, found by its hash."""

import hashlib
import json
from datetime import timedelta

from rest_framework import authentication, exceptions

from kernel.sql import fetch, loaded
from ledger import clock
from people.models import ApiToken, Person, Worker

NOTED_EACH = timedelta(minutes=5)


class TokenAuthentication(authentication.BaseAuthentication):
    def authenticate(self, request):
        header = authentication.get_authorization_header(request).split()
        if not header or header[0].lower() != b"bearer":
            return None
        if len(header) != 2:
            raise exceptions.AuthenticationFailed("Send the token as `Authorization: Bearer <token>`.")
        digest = hashlib.sha256(header[1]).hexdigest()
        token = _token(digest)
        if token is None:
            raise exceptions.AuthenticationFailed(
                "This token is unknown, was revoked or has ended: make a new one, or renew it."
            )
        _note_use(token)
        return token.person, token

    def authenticate_header(self, request) -> str:
        return "Bearer"


# By hand, because it runs on every request of a program: building this query with the ORM costs more than running it.
_FIND = """
SELECT t.id, t.person_id, t.name, t.prefix, t.token_sha256, t.scopes::text, t.created_at, t.last_used_at, t.revoked_at,
       p.email, p.phone, p.display_name, p.language, p.is_reviewer, p.is_staff, p.is_superuser,
       w.id, w.pseudonym, w.avoids
  FROM people_apitoken t JOIN people_person p ON p.id = t.person_id LEFT JOIN people_worker w ON w.person_id = p.id
 WHERE t.token_sha256 = %s AND t.revoked_at IS NULL AND t.expires_at > now() AND p.is_active
"""
_TOKEN = ("id", "person_id", "name", "prefix", "token_sha256", "scopes", "created_at", "last_used_at", "revoked_at")
_PERSON = ("email", "phone", "display_name", "language", "is_reviewer", "is_staff", "is_superuser")
_WORKER = ("id", "pseudonym", "avoids")


def _token(digest: str) -> ApiToken | None:
    """The live token with its person and, where she is one, her worker; fields not read here load when asked for."""
    found = fetch(_FIND, [digest])
    if not found:
        return None
    [row] = found
    token = loaded(ApiToken, {**dict(zip(_TOKEN, row[:9], strict=True)), "scopes": json.loads(row[5])})
    token.person = loaded(Person, {"id": row[1], **dict(zip(_PERSON, row[9:16], strict=True))})
    if row[16] is not None:
        token.person.worker = loaded(Worker, {"person_id": row[1], **dict(zip(_WORKER, row[16:], strict=True))})
    return token


def _note_use(token: ApiToken) -> None:
    """When the token was last used, to five minutes: an old one that nobody uses can be seen and revoked."""
    now = clock.now()
    if token.last_used_at is None or now - token.last_used_at > NOTED_EACH:
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)
