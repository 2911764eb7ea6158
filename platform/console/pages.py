"""What every console page shares: who may open it, and how a refusal looks."""

import functools
from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import RequestDataTooBig
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from people.access import require_admin, require_reviewer
from people.refusals import Refusal


def refusal_page(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """The sentence, alone. Somebody else's row and no row at all give the same bytes."""
    return render(request, "console/refusal.html", {"message": str(refusal)}, status=refusal.status)


def attempt(request: HttpRequest, verb: Callable[[], object], done: str) -> bool:
    """Run a verb in a transaction and say how it went on the next page. What is not the person's to do is still raised."""
    try:
        with transaction.atomic():
            verb()
    except Refusal as refusal:
        if refusal.status in (403, 404):
            raise
        messages.error(request, str(refusal))
        return False
    messages.success(request, done)
    return True


def page(*methods: str, role: str = ""):
    """Sign-in required; a Refusal becomes a page with its status. role: "", "admin" or "reviewer"."""
    check = {"": lambda actor: None, "admin": require_admin, "reviewer": require_reviewer}[role]

    def decorate(view):
        @functools.wraps(view)
        def guarded(request: HttpRequest, *args, **kwargs) -> HttpResponse:
            try:
                check(request.user)
                return view(request, *args, **kwargs)
            except Refusal as refusal:
                return refusal_page(request, refusal)
            except RequestDataTooBig:
                return refusal_page(request, Refusal("This is too large to send in one form: send less.", status=413))

        return require_http_methods(methods or ("GET", "HEAD"))(login_required(guarded))

    return decorate
