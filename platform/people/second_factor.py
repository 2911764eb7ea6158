"""Who decides about others' money or accounts shows more than a code: a passkey, or the code of an app.

One door for all of it. Who has none yet lands on the page that sets one up. The phone's work is nobody else's money: it stays open.
"""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode

from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from people.models import Membership, Person
from people.sessions import is_staff_of_ours

ASKED = ("/console/", "/admin/", "/api/v1/", "/metrics")
# Her own: setting up a factor, showing that it is she, leaving with her data, and working.
HERS = (
    "/console/account/", "/console/confirm/", "/console/language/", "/api/v1/me", "/api/v1/work/", "/api/v1/wallet/",
    "/api/v1/bans", "/api/v1/proofs/", "/api/v1/schema",
)  # fmt: skip
FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def needs_second_factor(person: Person) -> bool:
    return is_staff_of_ours(person) or Membership.objects.filter(person=person, role=Membership.Role.OWNER).exists()


def has_shown_it(request: HttpRequest) -> bool:
    """In this session; a recovery code counts as the app that it stands in for."""
    return any(record["method"] == "mfa" for record in get_authentication_records(request, request.user))


def ask_for_it(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware. A program's token has no session: it was made in one that had shown its factor."""

    def middleware(request: HttpRequest) -> HttpResponse:
        return _refusal(request) or get_response(request)

    return middleware


def _refusal(request: HttpRequest) -> HttpResponse | None:
    if not settings.SECOND_FACTOR_REQUIRED or not request.path.startswith(ASKED) or request.path.startswith(HERS):
        return None
    if not request.user.is_authenticated or has_shown_it(request) or not needs_second_factor(request.user):
        return None
    types = set(Authenticator.objects.filter(user=request.user, type__in=FACTORS).values_list("type", flat=True))
    return _to_api(bool(types)) if request.path.startswith("/api/") else _to_page(request, types)


def _to_api(has_one: bool) -> HttpResponse:
    what = "Show your passkey or your app's code first." if has_one else "Set up a passkey or an app's codes first."
    error = {"code": "second_factor", "field": "", "message": what}
    return JsonResponse({"error": error}, status=403)


def _to_page(request: HttpRequest, types: set[str]) -> HttpResponse:
    if not types:
        messages.info(
            request, _("Your role decides about others' money or accounts: set up a passkey or an app's codes first.")
        )
        return redirect("mfa_index")
    way = "mfa_reauthenticate" if Authenticator.Type.TOTP in types else "mfa_reauthenticate_webauthn"
    back = request.get_full_path() if request.method == "GET" else reverse("console:home")
    return redirect(f"{reverse(way)}?{urlencode({'next': back})}")
