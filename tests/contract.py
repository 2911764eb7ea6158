"""Every answer of the API in every test is one that docs/openapi.json tells: its status, and its shape."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs

from api.renderers import JSONRenderer

DOCUMENT = Path(__file__).resolve().parent.parent / "docs" / "openapi.json"
JSON = "application/json"


@cache
def document() -> dict[str, Any]:
    return json.loads(DOCUMENT.read_text(encoding="utf-8"))


@cache
def operations() -> dict[str, dict[str, Any]]:
    return {one["operationId"]: one for verbs in document()["paths"].values() for one in verbs.values()}


def check(operation: str, status: int, data: Any) -> None:
    """AssertionError for a status that is not told, or an answer in another shape."""
    told = operations()[operation]["responses"]
    assert str(status) in told, f"{operation} answered {status}, which docs/openapi.json does not tell"
    if data is None:
        return
    wrong = [f"{'/'.join(map(str, one.instance_path))}: {one.message}" for one in _errors(operation, str(status), data)]
    assert not wrong, f"{operation} answered {status} in another shape than docs/openapi.json tells: {wrong[:3]}"


def _errors(operation: str, status: str, data: Any):
    validator = _validator(operation, status)
    return validator.iter_errors(json.loads(JSONRenderer().render(data))) if validator else ()


@cache
def _validator(operation: str, status: str) -> Any:
    response = operations()[operation]["responses"][status]
    if "$ref" in response:
        response = document()["components"]["responses"][response["$ref"].rsplit("/", 1)[1]]
    schema = response.get("content", {}).get(JSON, {}).get("schema")
    if schema is None:
        return None
    whole = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "components": document()["components"],
        **schema,
    }
    return jsonschema_rs.Draft202012Validator(whole, validate_formats=True)


def watch(view: type) -> Any:
    """`finalize_response` of the API's views, which also looks whether the answer is as documented."""
    finalize = view.finalize_response

    def finalize_response(self, request, response, *args, **kwargs):
        response = finalize(self, request, response, *args, **kwargs)
        takes = getattr(getattr(self, request.method.lower(), None), "takes", None)
        if takes is not None and not response.streaming:
            check(takes.operation, response.status_code, response.data)
        return response

    return finalize_response
