"""Something that we need is away, cannot do it now, or has no room left: 503 and when to come back. Nothing is kept by halves.

A phone keeps its answers and sends them again.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template import loader
from django.views import defaults
from psycopg.errors import DiskFull
from redis import RedisError

from intake.away import StorageAway
from intake.full import is_full

log = logging.getLogger(__name__)
RETRY_AFTER_S = 5  # a crashed PostgreSQL is back in less than ten
FULL_S = 60  # until somebody has made room
_AWAY = (OperationalError, InterfaceError, RedisError, StorageAway)  # PostgreSQL's own full disk is one of these


def database_away(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware, for what a view raises."""

    def middleware(request: HttpRequest) -> HttpResponse:
        return get_response(request)

    def process_exception(request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return unavailable(request, exception) if _passes(exception) else None

    middleware.process_exception = process_exception  # type: ignore[attr-defined]
    return middleware


def server_error(request: HttpRequest) -> HttpResponse:
    """handler500, for what is raised around the views: by sessions, say."""
    why = sys.exc_info()[1]
    return unavailable(request, why) if why is not None and _passes(why) else defaults.server_error(request)


def _passes(why: BaseException) -> bool:
    return isinstance(why, _AWAY) or is_full(why)


def unavailable(request: HttpRequest, why: BaseException) -> HttpResponse:
    log.error("503 for %s: %s", ascii(request.path), " ".join(f"{type(why).__name__}: {why}".split()))
    wait_s, code, what = RETRY_AFTER_S, "away", "A part of Ilima does not answer just now"
    if is_full(why) or isinstance(why.__cause__, DiskFull):
        wait_s, code, what = FULL_S, "full", "There is no room left on our side just now, and nothing was kept"
    message = f"{what}: try again in {wait_s} seconds."
    if request.path.startswith("/api/"):
        response: HttpResponse = JsonResponse({"error": {"code": code, "field": "", "message": message}}, status=503)
    elif request.path.startswith("/_allauth/"):
        errors = [{"code": code, "message": message}]
        response = JsonResponse({"status": 503, "errors": errors}, status=503)
    else:
        response = HttpResponse(loader.get_template("500.html").render(), status=503)  # which asks the database nothing
    response["Retry-After"] = str(wait_s)
    return response
