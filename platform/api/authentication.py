"""`Authorization: Bearer ilm_...`: a person's API token, found by its hash."""

import hashlib

from rest_framework import authentication, exceptions

from people.models import ApiToken


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
        return token.person, token

    def authenticate_header(self, request) -> str:
        return "Bearer"
