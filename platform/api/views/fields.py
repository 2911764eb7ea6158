"""Reading a request's fields; what is wrong is one sentence that names the field."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from kernel.refusals import Refusal
from kernel.texts import is_text

MAX_ID = 2**63 - 1
_REQUIRED = object()


def body_of(request, allowed: set[str]) -> Mapping[str, Any]:
    """The request's JSON object. A field that nobody reads is a mistake of the sender's, never dropped in silence."""
    body = request.data
    if not isinstance(body, Mapping):
        raise Refusal("The body must be a JSON object.", field="body")
    if unknown := sorted(set(body) - allowed):
        raise Refusal(
            "{unknown} is not a field here: send {choices}.",
            field=unknown[0],
            said={"unknown": unknown[0], "choices": ", ".join(sorted(allowed)) or "no field"},
        )
    return body


def integer_of(body: Mapping, name: str, default: Any = _REQUIRED, least: int = 0, most: int = MAX_ID) -> Any:
    value = body.get(name, default)
    if value is _REQUIRED:
        raise Refusal("{name} is missing.", field=name, said={"name": name})
    if value is default:
        return default
    text = str(value)
    if isinstance(value, bool | float) or not _is_number(text) or not least <= int(text) <= most:
        raise Refusal(
            "{name} must be a whole number from {least} to {most}.",
            field=name,
            said={"name": name, "least": least, "most": most},
        )
    return int(text)


def _is_number(text: str) -> bool:
    """Digits, and no more of them than any number of ours has."""
    return text.isascii() and text.isdigit() and len(text) <= len(str(MAX_ID))


def uuid_of(body: Mapping, name: str) -> uuid.UUID:
    try:
        return uuid.UUID(str(body[name]))
    except KeyError as missing:
        raise Refusal("{name} is missing.", field=name, said={"name": name}) from missing
    except ValueError as bad:
        raise Refusal("{name} must be a UUID.", field=name, said={"name": name}) from bad


def text_of(body: Mapping, name: str, default: Any = _REQUIRED, most: int = 500) -> Any:
    value = body.get(name, default)
    if value is _REQUIRED:
        raise Refusal("{name} is missing.", field=name, said={"name": name})
    if value is default:
        return default
    if not is_text(value, most):
        raise Refusal("{name} must be text of 1 to {most} characters.", field=name, said={"name": name, "most": most})
    return value.strip()


def yes_or_no_of(body: Mapping, name: str, default: bool) -> bool:
    value = body.get(name, default)
    if not isinstance(value, bool):
        raise Refusal("{name} must be true or false.", field=name, said={"name": name})
    return value
