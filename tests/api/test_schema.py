"""The OpenAPI document: current, valid, and without an answer of which it tells nothing."""

import inspect
import json
import re
import subprocess
from pathlib import Path

import pytest
from django.urls import get_resolver
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.generators import SchemaGenerator
from openapi_spec_validator import OpenAPIV31SpecValidator

from api.contract.operation import Takes
from api.views.base import APIView
from tests import contract

APP = Path(__file__).resolve().parents[2] / "worker_app"
GENERATOR = APP / "node_modules" / "json-schema-to-typescript"
FREE_FORM = {"metadata", "note", "body", "headers", "anchors", "statements", "answers", "offers", "decisions", "golds"}


@pytest.fixture(scope="module")
def document() -> dict:
    with GENERATOR_STATS.silence():
        made = SchemaGenerator().get_schema(request=None, public=True)
    return json.loads(json.dumps(made))


def calls(document: dict) -> dict[tuple[str, str], dict]:
    return {(path, verb): call for path, verbs in document["paths"].items() for verb, call in verbs.items()}


def test_the_snapshot_is_what_the_code_says(document):
    assert document == contract.document(), "run `./run manage write_openapi`, look at the difference, and commit it"


@pytest.mark.skipif(not GENERATOR.exists(), reason="the phone app's packages are not installed")
def test_the_phone_apps_types_are_what_the_document_says():
    done = subprocess.run(["node", "dev/write_contract.mjs", "--check"], cwd=APP, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_the_document_is_valid(document):
    assert [str(error) for error in OpenAPIV31SpecValidator(document).iter_errors()] == []


def test_nothing_was_left_to_a_guess():
    GENERATOR_STATS.reset()
    SchemaGenerator().get_schema(request=None, public=True)
    assert GENERATOR_STATS._warn_cache == {}
    assert GENERATOR_STATS._error_cache == {}


def test_token_is_a_bearer_scheme(document):
    assert document["components"]["securitySchemes"]["token"] == {"type": "http", "scheme": "bearer"}


#: Before anybody has signed in, and for whoever is shown a certificate.
FOR_EVERYBODY = {("/api/v1/languages/{language}/words", "get"), ("/api/v1/proofs/key", "get")}


def test_every_call_says_that_a_token_opens_it(document):
    assert ("/api/v1/work/draw", "post") in calls(document)
    without = {name for name, call in calls(document).items() if {"token": []} not in call.get("security", [])}
    assert without == FOR_EVERYBODY
    assert all("security" not in calls(document)[name] for name in without)


def test_every_method_of_every_address_is_told(document):
    """By what Django routes, not by what drf-spectacular found."""
    told = set(calls(document))
    routed = set()
    for pattern in next(one for one in get_resolver().url_patterns if str(one.pattern) == "api/v1/").url_patterns:
        view = getattr(pattern.callback, "view_class", None)
        path = "/api/v1/" + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", str(pattern.pattern))
        if view is not None and issubclass(view, APIView):
            methods = [name for name in ("get", "post", "put", "patch", "delete") if hasattr(view, name)]
            assert all(isinstance(getattr(getattr(view, name), "takes", None), Takes) for name in methods), view
            routed |= {(path, name) for name in methods}
    assert len(routed) > 80
    assert routed == told


def test_no_answer_and_no_body_is_free_form(document):
    """An object of which nothing is said, but where what it holds is somebody else's."""
    found = []

    def look(schema, name: str, where: str) -> None:
        if isinstance(schema, list):
            for one in schema:
                look(one, name, where)
        elif isinstance(schema, dict):
            untold = schema.get("type") == "object" and schema.get("additionalProperties", True) is True
            if untold and not schema.get("properties") and name not in FREE_FORM:
                found.append(f"{where}.{name}")
            for key, inner in schema.items():
                inner_name = (
                    name if key in ("items", "oneOf", "anyOf", "properties", "additionalProperties", "schema") else key
                )
                look(inner, inner_name, where)

    for name, schema in document["components"]["schemas"].items():
        look(schema, name, name)
    for (path, verb), call in calls(document).items():
        told = {"responses": call["responses"], "body": call.get("requestBody", {})}
        look(told, "", f"{verb} {path}")
        assert all(content for content in _contents(call)), (path, verb)
    assert found == []


def _contents(call: dict):
    for status, response in call["responses"].items():
        if "$ref" not in response and status not in ("204", "304"):
            yield response.get("content")


def test_every_refusal_has_the_one_shape(document):
    for name, response in document["components"]["responses"].items():
        assert response["content"]["application/json"]["schema"] == {"$ref": "#/components/schemas/Error"}, name
    for (path, verb), call in calls(document).items():
        assert {"400", "401", "403", "404", "429", "503"} <= set(call["responses"]), (path, verb)


def test_every_declared_body_is_read():
    """A body that is declared and not read would be documented and unchecked."""
    unread = []
    for pattern in next(one for one in get_resolver().url_patterns if str(one.pattern) == "api/v1/").url_patterns:
        view = getattr(pattern.callback, "view_class", None)
        for name in ("post", "put", "patch", "delete"):
            method = getattr(view, name, None) if view and issubclass(view, APIView) else None
            if method and method.takes.body._declared_fields and "self.body" not in inspect.getsource(method):
                unread.append(method.takes.operation)
    assert unread == ["sound_record", "upload_session_add"]  # files only, which come by another way


def test_an_answer_in_another_shape_is_found():
    """The control of tests/contract.py, which looks at every answer in every test."""
    contract.check("work_skip", 200, {"ok": True})
    for status, data in ((200, {"ok": "yes"}), (200, {}), (200, {"ok": True, "more": 1}), (418, {"ok": True})):
        with pytest.raises(AssertionError):
            contract.check("work_skip", status, data)
