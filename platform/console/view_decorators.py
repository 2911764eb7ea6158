"""What every console page shares: who may open it, and how a refusal looks."""

import functools
from collections.abc import Callable
from urllib.parse import urlencode, urlsplit

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import RequestDataTooBig
from django.db import transaction
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from console.request import Request
from kernel.errors import DomainError
from people.access import require_admin, require_reviewer
from people.recent import SignInAgain


def refusal_page(request: Request, refusal: DomainError) -> HttpResponse:
    """The sentence, alone. Somebody else's row and no row at all give the same bytes. To our script: plain text."""
    if request.htmx:
        return HttpResponse(str(refusal), status=refusal.status, content_type="text/plain; charset=utf-8")
    return render(request, "console/refusal.html", {"message": str(refusal)}, status=refusal.status)


def confirm_first(request: Request) -> HttpResponse:
    """To the page where she shows that it is she, and from there back to the page that she came from."""
    back = request.get_full_path()
    if request.method == "POST":
        back = urlsplit(request.headers.get("Referer", "")).path or reverse("console:home")
    messages.info(request, _("Show first that it is you, then do it once more."))
    return redirect(f"{reverse('console:confirm')}?{urlencode({'next': back})}")


def typed(request: Request) -> QueryDict | None:
    """What a form is bound to: what was sent, even if it is empty; nothing when the page is only looked at."""
    return request.POST if request.method == "POST" else None


def attempt(request: Request, verb: Callable[[], object], done: str) -> bool:
    """Run a verb in a transaction and say how it went on the next page. What is not the person's to do is still raised."""
    try:
        with transaction.atomic():
            verb()
    except DomainError as refusal:
        if refusal.status in (403, 404):
            raise
        messages.error(request, str(refusal))
        return False
    messages.success(request, done)
    return True


def page(*methods: str, role: str = ""):
    """Sign-in required; a DomainError becomes a page with its status. role: "", "admin" or "reviewer"."""
    check = {"": lambda actor: None, "admin": require_admin, "reviewer": require_reviewer}[role]

    def decorate(view):
        @functools.wraps(view)
        def guarded(request: Request, *args, **kwargs) -> HttpResponse:
            try:
                check(request.user)
                return view(request, *args, **kwargs)
            except SignInAgain as refusal:
                return refusal_page(request, refusal) if request.htmx else confirm_first(request)
            except DomainError as refusal:
                return refusal_page(request, refusal)
            except RequestDataTooBig:
                return refusal_page(
                    request, DomainError(_("This is too large to send in one form: send less."), status=413)
                )

        allowed = methods or ("GET", "HEAD")
        door = require_http_methods(allowed)(login_required(guarded))
        door.allowed_methods = allowed  # the permission table's tests ask for each
        return door

    return decorate
