"""What no honest client sends is answered 400 at the door: the packages behind the sign-in and the pages would fail on it."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, JsonResponse

from kernel.texts import is_document, is_keepable
from people.strict_json import read_json

SIGN_IN = "/_allauth/"
# allauth takes these for granted: without them its views fail, or say nothing.
_NEEDED = {
    "/auth/code/request": (
        ("email", "phone"),
        re.compile(r".+", re.DOTALL),
        "Give an e-mail address or a phone number.",
    ),
    "/auth/password/reset": (("key",), re.compile(r"[0-9a-z]+-.+"), "This key is none: ask for a new one."),
}


def refuse_malformed(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware. Costs a look at the query; a body is read here at the sign-in only."""

    def middleware(request: HttpRequest) -> HttpResponse:
        return _refusal(request) or get_response(request)

    return middleware


def _refusal(request: HttpRequest) -> HttpResponse | None:
    if request.META.get("QUERY_STRING") and not _is_address(request):
        return _no_address(request)
    if request.path.startswith(SIGN_IN) and request.method != "GET":
        return _look_at_sign_in(request)
    return None


def _no_address(request: HttpRequest) -> HttpResponse:
    message = "The address holds what no address has: check it."
    if request.path.startswith("/api/"):
        return JsonResponse({"error": {"code": "invalid", "field": "", "message": message}}, status=400)
    return HttpResponseBadRequest(message, content_type="text/plain")


def _is_address(request: HttpRequest) -> bool:
    if not all(is_keepable(value) for pair in request.GET.lists() for value in (pair[0], *pair[1])):
        return False
    try:
        urlsplit(request.GET.get("next", ""))
    except ValueError:
        return False
    return True


def _look_at_sign_in(request: HttpRequest) -> HttpResponse | None:
    """A refusal in the shape of allauth's own, or None."""
    try:
        body = read_json(request.body.decode() or "{}")
    except ValueError:
        return _refused("", "The body must be a JSON object.")
    if not is_document(body):
        return _refused("", "The body must be a JSON object of plain text.")
    for path, (names, pattern, message) in _NEEDED.items():
        if request.path.endswith(path) and not any(_fits(body.get(name), pattern) for name in names):
            return _refused(names[0], message)
    return None


def _fits(value: object, pattern: re.Pattern) -> bool:
    return isinstance(value, str) and pattern.fullmatch(value.strip()) is not None


def _refused(param: str, message: str) -> JsonResponse:
    return JsonResponse(
        {"status": 400, "errors": [{"code": "invalid", "param": param, "message": message}]}, status=400
    )
