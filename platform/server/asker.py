"""Who a request came from, where Django has said it already: looking costs no statement."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject


def person_in(request: HttpRequest) -> int:
    """The person's number; 0 for a stranger, and where nobody has asked yet."""
    user = getattr(request, "_cached_user", None) or request.__dict__.get("user")
    if user is None or isinstance(user, SimpleLazyObject) or not user.is_authenticated:
        return 0
    return user.pk
