"""The database or Redis is away, or could not do it now: 503 and when to come back. A phone keeps its answers and sends them again."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template import loader
from django.views import defaults
from redis import RedisError

log = logging.getLogger(__name__)
RETRY_AFTER_S = 5  # a crashed PostgreSQL is back in less than ten
_AWAY = (OperationalError, InterfaceError, RedisError)


def database_away(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware, for what a view raises."""

    def middleware(request: HttpRequest) -> HttpResponse:
        return get_response(request)

    def process_exception(request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return come_again(request, exception) if isinstance(exception, _AWAY) else None

    middleware.process_exception = process_exception  # type: ignore[attr-defined]
    return middleware


def server_error(request: HttpRequest) -> HttpResponse:
    """handler500, for what is raised around the views: by sessions, say."""
    why = sys.exc_info()[1]
    return come_again(request, why) if isinstance(why, _AWAY) else defaults.server_error(request)


def come_again(request: HttpRequest, why: Exception) -> HttpResponse:
    log.error("503 for %s: %s", ascii(request.path), " ".join(f"{type(why).__name__}: {why}".split()))
    message = f"A part of Ilima does not answer just now: try again in {RETRY_AFTER_S} seconds."
    if request.path.startswith("/api/"):
        response: HttpResponse = JsonResponse({"error": {"code": "away", "field": "", "message": message}}, status=503)
    elif request.path.startswith("/_allauth/"):
        errors = [{"code": "away", "message": message}]
        response = JsonResponse({"status": 503, "errors": errors}, status=503)
    else:
        response = HttpResponse(loader.get_template("500.html").render(), status=503)  # which asks the database nothing
    response["Retry-After"] = str(RETRY_AFTER_S)
    return response
