"""/live and /ready for load balancers, and the one word of /health: answered before all else that a page needs, so for next to nothing."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.db import DatabaseError, InterfaceError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse

from server.front import note_person
from server.health import health

log = logging.getLogger(__name__)


def probes(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware, the first of all: a probe comes to a machine's own address, by plain HTTP."""
    answers = {"/live": _live, "/ready": _ready, "/health": _health}

    def middleware(request: HttpRequest) -> HttpResponse:
        answer = answers.get(request.path)
        response = (answer(request) if answer else None) or get_response(request)
        note_person(request)
        return response

    return middleware


def _health(request: HttpRequest) -> HttpResponse | None:
    """A stranger's question. Who shows a token or a session goes on to the view, which may say more."""
    if request.META.get("HTTP_AUTHORIZATION") or request.META.get("HTTP_COOKIE"):
        return None
    return health(request)


def _live(request: HttpRequest) -> HttpResponse:
    """This process answers. If not: start it again."""
    return JsonResponse({"ok": True})


def _ready(request: HttpRequest) -> HttpResponse:
    """The database answers, which is all that drawing and answering need. If not: send nobody here."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except (DatabaseError, InterfaceError) as away:
        log.error("not ready: %s", away)
        connection.close()
        return JsonResponse({"ok": False}, status=503)
    return JsonResponse({"ok": True})
