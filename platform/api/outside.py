"""What goes wrong under /api/ before or around a view is said in the API's one shape, too; and the line stays usable."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.request import UnreadablePostError

PREFIX = "/api/"
READ_BYTES, MAX_BYTES = 1 << 16, 10_000_000
_KEPT = ("Retry-After", "Allow", "WWW-Authenticate")
_SAID = {
    404: ("not_found", "There is nothing here, or it is not yours."),
    405: ("method_not_allowed", "This address does not take this method."),
    500: ("error", "Something went wrong on our side: try again."),
}
_OTHER = ("invalid", "The request cannot be read: check its address, its headers and its body.")


def one_shape(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if response.status_code < 400 or not request.path.startswith(PREFIX):
            return response
        _read_the_rest(request)
        return response if response.get("Content-Type", "").startswith("application/json") else _in_shape(response)

    return middleware


def _in_shape(said: HttpResponse) -> JsonResponse:
    code, message = _SAID.get(said.status_code, _SAID[500] if said.status_code >= 500 else _OTHER)
    response = JsonResponse({"error": {"code": code, "field": "", "message": message}}, status=said.status_code)
    for name in _KEPT:
        if name in said:
            response[name] = said[name]
    return response


def _read_the_rest(request: HttpRequest) -> None:
    """A server that answers before it has read all cuts the line, and the sender never sees why. Of too much, nothing is read."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdecimal() or int(length[:18]) > MAX_BYTES:
        return
    try:
        while request.read(READ_BYTES):
            pass
    except UnreadablePostError:  # she has hung up
        return
