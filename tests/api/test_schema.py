"""The OpenAPI document says how a program signs in."""

import pytest
from drf_spectacular.generators import SchemaGenerator


@pytest.fixture(scope="module")
def document() -> dict:
    return SchemaGenerator().get_schema(request=None, public=True)


def test_token_is_a_bearer_scheme(document):
    assert document["components"]["securitySchemes"]["token"] == {"type": "http", "scheme": "bearer"}


def test_every_call_says_that_a_token_opens_it(document):
    calls = {(path, verb): call for path, verbs in document["paths"].items() for verb, call in verbs.items()}
    assert ("/api/v1/work/draw", "post") in calls
    closed = [name for name, call in calls.items() if {"token": []} not in call.get("security", [])]
    assert closed == []
