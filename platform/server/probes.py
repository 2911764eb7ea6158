"""/live and /ready for load balancers: answered before host names, redirects to https, sessions and whatever else a page needs."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.db import DatabaseError, InterfaceError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse

log = logging.getLogger(__name__)


def probes(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware, the first of all: a probe comes to a machine's own address, by plain HTTP."""
    answers = {"/live": _live, "/ready": _ready}

    def middleware(request: HttpRequest) -> HttpResponse:
        answer = answers.get(request.path)
        return answer() if answer else get_response(request)

    return middleware


def _live() -> HttpResponse:
    """This process answers. If not: start it again."""
    return JsonResponse({"ok": True})


def _ready() -> HttpResponse:
    """The database answers, which is all that drawing and answering need. If not: send nobody here."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except (DatabaseError, InterfaceError) as away:
        log.error("not ready: %s", away)
        connection.close()
        return JsonResponse({"ok": False}, status=503)
    return JsonResponse({"ok": True})
