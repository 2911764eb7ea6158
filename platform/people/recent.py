"""A second look: what moves money, opens the account to others or makes a token asks for a sign-in of a few minutes ago.

A session that was left open on a shared phone can work and read; it cannot give anything away.
"""

from __future__ import annotations

import time

from allauth.account.internal.flows.login import get_authentication_records
from django.conf import settings

from kernel.errors import DomainError
from people.models import ApiToken


class SignInAgain(DomainError):
    """She is signed in, but not lately: a client asks for a code, a password or a passkey, then does the same again."""

    status = 403
    code = "sign_in_again"

    def __init__(self) -> None:
        super().__init__("Show first that it is you: with your password, a passkey, or a code that we send you.")


def signed_in_recently(request) -> bool:
    """Whether the person proved who she is in this session (code, password, passkey, app) within RECENT_SIGN_IN_S.
    A program's token never did."""
    if isinstance(getattr(request, "auth", None), ApiToken) or not request.user.is_authenticated:
        return False
    since_s = time.time() - settings.RECENT_SIGN_IN_S
    return any(record["at"] >= since_s for record in get_authentication_records(request, request.user))


def require_recent_sign_in(request) -> None:
    """Raises SignInAgain. For views: a verb does not know how its actor came in."""
    if not signed_in_recently(request):
        raise SignInAgain
