"""A change of address is whole or is none: allauth writes its own table and ours one after the other."""

from collections.abc import Callable

from django.db import transaction
from django.http import HttpRequest, HttpResponse

DOORS = (
    "/accounts/email/",
    "/accounts/confirm-email/",
    "/_allauth/browser/v1/account/email",
    "/_allauth/browser/v1/auth/email/verify",
)


def whole_changes(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: the doors through which an address is added, proved or removed run in one transaction each, and what is
    refused there has changed nothing."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.path not in DOORS or request.method in ("GET", "HEAD"):
            return get_response(request)
        with transaction.atomic():
            response = get_response(request)
            if response.status_code >= 400:
                transaction.set_rollback(True)
        return response

    return middleware
