"""Where the link of a notice leads: it stops them, without signing in, in the language of the person."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from kernel.errors import NotFound
from notices.actions.choose_notices import stop_notices
from notices.what import get_person_by_stop, says_of_stopping


@csrf_exempt  # what the link is signed with says who asks, not a cookie; mailboxes post here by themselves (RFC 8058)
@require_http_methods(["GET", "POST"])
def stop(request: HttpRequest, stop_token: str) -> HttpResponse:
    """GET changes nothing: programs that look through a mailbox open every link."""
    try:
        person = get_person_by_stop(stop_token)
    except NotFound:
        return render(request, "404.html", status=404)
    stopped = request.method == "POST"
    if stopped:
        stop_notices(person)
    words = says_of_stopping(person, stopped)
    return render(
        request, "console/stop_notices.html", {"words": words, "stopped": stopped, "said_in": person.language}
    )


stop.allowed_methods = ("GET", "POST")  # type: ignore[attr-defined]
