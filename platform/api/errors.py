"""Every refusal of the API has one shape: {"error": {"code", "field", "message"}} with one clear sentence."""

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from rest_framework.exceptions import APIException, Throttled, ValidationError
from rest_framework.response import Response
from rest_framework.views import exception_handler

from api.throttles import AddressThrottle
from kernel.refusals import Refusal, TooFast


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


_TOO_LARGE = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)


def _too_large(exception: Exception) -> str:
    if isinstance(exception, TooManyFilesSent):
        return f"At most {settings.DATA_UPLOAD_MAX_NUMBER_FILES} files are taken at once: send a zip, or send them in parts."
    if isinstance(exception, TooManyFieldsSent):
        return f"At most {settings.DATA_UPLOAD_MAX_NUMBER_FIELDS} fields are taken at once."
    return (
        f"A body of at most {settings.DATA_UPLOAD_MAX_MEMORY_SIZE / 1e6:g} MB is taken, files apart: send it in parts."
    )


def _stranger_waits_s(context: dict) -> float | None:
    """Who does not sign in, or guesses at tokens, is turned away before any throttle of the view is asked: counted here."""
    throttle = AddressThrottle()
    return None if throttle.allow_request(context["request"], context["view"]) else throttle.wait()


def one_sentence(exception: Exception, context: dict) -> Response | None:
    """DRF's EXCEPTION_HANDLER: our own refusals and DRF's, in one shape."""
    if isinstance(exception, Refusal):
        body = {"code": exception.code, "field": exception.field, "message": str(exception)}
        wait = {"Retry-After": str(exception.retry_after_s)} if isinstance(exception, TooFast) else None
        return Response({"error": body | exception.extra}, status=exception.status, headers=wait)
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
        code, message = "not_found", "There is nothing here, or it is not yours."
    if isinstance(exception, Throttled):
        code, message = "too_many_requests", f"Too many requests: try again in {int(exception.wait or 1) + 1} seconds."
    message = message if message.endswith((".", "?")) else f"{message}."
    response.data = {"error": {"code": code, "field": field, "message": message}}
    return response
