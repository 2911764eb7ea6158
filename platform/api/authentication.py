"""`Authorization: Bearer ilm_...`: a person's API token, found by its hash."""

import hashlib
from datetime import timedelta

from django.utils import timezone
from rest_framework import authentication, exceptions

from people.models import ApiToken

NOTED_EACH = timedelta(minutes=5)


class TokenAuthentication(authentication.BaseAuthentication):
    def authenticate(self, request):
        header = authentication.get_authorization_header(request).split()
        if not header or header[0].lower() != b"bearer":
            return None
        if len(header) != 2:
            raise exceptions.AuthenticationFailed("Send the token as `Authorization: Bearer <token>`.")
        digest = hashlib.sha256(header[1]).hexdigest()
        token = (
            ApiToken.objects.select_related("person__worker")
            .filter(token_sha256=digest, revoked_at=None, person__is_active=True)
            .first()
        )
        if token is None:
            raise exceptions.AuthenticationFailed("This token is unknown or was revoked: make a new one.")
        _note_use(token)
        return token.person, token

    def authenticate_header(self, request) -> str:
        return "Bearer"


def _note_use(token: ApiToken) -> None:
    """When the token was last used, to five minutes: an old one that nobody uses can be seen and revoked."""
    now = timezone.now()
    if token.last_used_at is None or now - token.last_used_at > NOTED_EACH:
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)
