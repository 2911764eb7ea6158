"""Every refusal of the API has one shape: {"error": {"code", "field", "message"}} with one clear sentence."""

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from rest_framework.exceptions import APIException, Throttled, ValidationError
from rest_framework.response import Response
from rest_framework.views import exception_handler

from api.throttles import AddressThrottle
from kernel.errors import DomainError, TooFast
from kernel.say import say


def _first(detail, field: str = "") -> tuple[str, str, str]:
    """The first error of DRF's nested detail as (field, message, code)."""
    if isinstance(detail, dict):
        name, inner = next(iter(detail.items()))
        path = field if name in ("detail", "non_field_errors") else f"{field}.{name}".strip(".")
        return _first(inner, path)
    if isinstance(detail, list):
        position = next((i for i, entry in enumerate(detail) if entry), 0)
        path = f"{field}[{position}]" if isinstance(detail[position], dict) else field
        return _first(detail[position], path)
    return field, str(detail), getattr(detail, "code", "invalid")


def _plain(what):
    """What stands in a sentence's braces, as JSON has it: a program writes the sentence in its own language by code and these."""
    return what if isinstance(what, int | float | str) else str(what)


_TOO_LARGE = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)


def _too_large(exception: Exception) -> str:
    if isinstance(exception, TooManyFilesSent):
        most = settings.DATA_UPLOAD_MAX_NUMBER_FILES
        return say("At most {most} files are taken at once: send a zip, or send them in parts.", most=most)
    if isinstance(exception, TooManyFieldsSent):
        return say("At most {most} fields are taken at once.", most=settings.DATA_UPLOAD_MAX_NUMBER_FIELDS)
    megabytes = f"{settings.DATA_UPLOAD_MAX_MEMORY_SIZE / 1e6:g}"
    return say("A body of at most {most} MB is taken, files apart: send it in parts.", most=megabytes)


def _stranger_waits_s(context: dict) -> float | None:
    """Who does not sign in, or guesses at tokens, is turned away before any throttle of the view is asked: counted here."""
    throttle = AddressThrottle()
    return None if throttle.allow_request(context["request"], context["view"]) else throttle.wait()


def one_sentence(exception: Exception, context: dict) -> Response | None:
    """DRF's EXCEPTION_HANDLER: our own refusals and DRF's, in one shape."""
    if isinstance(exception, DomainError):
        body = {"code": exception.code, "field": exception.field, "message": str(exception)}
        wait = {"Retry-After": str(exception.retry_after_s)} if isinstance(exception, TooFast) else None
        said = {"said": {name: _plain(what) for name, what in exception.said.items()}} if exception.said else {}
        return Response({"error": body | said | exception.extra}, status=exception.status, headers=wait)
    if isinstance(exception, _TOO_LARGE):
        return Response({"error": {"code": "too_large", "field": "", "message": _too_large(exception)}}, status=413)
    response = exception_handler(exception, context)
    if response is None:
        return None
    if response.status_code == 401 and (wait_s := _stranger_waits_s(context)):
        return one_sentence(Throttled(wait=wait_s), context)
    if isinstance(exception, ValidationError):
        field, message, code = _first(exception.detail)
    else:
        code = exception.default_code if isinstance(exception, APIException) else "not_found"
        field, message = "", str(getattr(exception, "detail", "There is nothing here, or it is not yours."))
    if response.status_code == 404:
        # Somebody else's row and no row at all must read the same.
        code, message = "not_found", say("There is nothing here, or it is not yours.")
    if isinstance(exception, Throttled):
        code, seconds = "too_many_requests", int(exception.wait or 1) + 1
        message = say("Too many requests: try again in {seconds} seconds.", seconds=seconds)
    message = message if message.endswith((".", "?")) else f"{message}."
    response.data = {"error": {"code": code, "field": field, "message": message}}
    return response
