"""Whatever docs/openapi.json lets a client send is answered as it says, to every role: no fault of ours, no status and no shape untold.

schemathesis makes the requests from the document. What it sends, and to which rows, is the same each run.
"""

import json
from urllib.parse import urlencode

import pytest
import schemathesis
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.core import NotSet

from tests import contract
from tests.security.doors import ROLES
from tests.security.test_permissions import Rollback, client_of
from tests.security.world import Doors, lived_in
from tests.sizes import FUZZED

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
OPERATIONS = [found.ok() for found in schemathesis.openapi.from_dict(contract.document()).get_all_operations()]
WAY = {
    "max_examples": FUZZED,
    "deadline": None,
    "derandomize": True,
    "database": None,
    "phases": [Phase.generate],
    "suppress_health_check": list(HealthCheck),
}


@pytest.fixture
def house() -> Doors:
    cache.clear()
    return lived_in()


def sent(client: Client, headers: dict, case, rows: dict) -> int:
    """The status of one request; rolled back, so each starts from the same state."""
    path = case.operation.path.format(**rows)
    query = urlencode(case.query or {}, doseq=True, errors="surrogatepass")
    kind, body = "application/json", b""
    if isinstance(case.body, NotSet):
        pass
    elif case.media_type == "multipart/form-data":
        kind, body = MULTIPART_CONTENT, encode_multipart(BOUNDARY, form_of(case.body))
    elif case.media_type:
        body = json.dumps(case.body).encode()
    try:
        with transaction.atomic():
            status = client.generic(case.method, path, body, kind, headers=headers, QUERY_STRING=query).status_code
            raise Rollback
    except Rollback:
        return status


def form_of(body) -> dict:
    """The fields of a form: what the document calls binary is a file."""
    fields = {}
    for name, value in body.items():
        each = value if isinstance(value, list) else [value]
        fields[name] = [file(one) if isinstance(one, bytes) or name in ("file", "files") else one for one in each]
    return fields


def file(content) -> SimpleUploadedFile:
    raw = content if isinstance(content, bytes) else str(content).encode("utf-8", "surrogatepass")
    return SimpleUploadedFile("a.csv", raw)


def test_what_the_document_allows_is_answered_as_it_says(house, monkeypatch):
    clients = {role: client_of(house, role) for role in ROLES}
    for client, _ in clients.values():
        client.raise_request_exception = True
    answered, wrong = set(), []

    for operation in OPERATIONS:

        @settings(**WAY)
        @given(case=operation.as_strategy(), role=st.sampled_from(ROLES), own=st.booleans())
        def tried(case, role, own):
            absent = house.args(tuple(case.path_parameters or {}), absent=True)
            rows = house.args(tuple(case.path_parameters or {})) if own else absent
            try:
                status = sent(*clients[role], case, rows)
            except Exception as fault:  # whatever it is, it is a fault of ours, or an answer that is not told
                wrong.append(f"{case.method} {case.operation.path} as {role}: {type(fault).__name__}: {fault}"[:600])
                return
            answered.add((case.operation.label, status))

        tried()
    assert wrong == [], "\n".join(wrong)
    assert len({label for label, _ in answered}) == len(OPERATIONS)
    assert {200, 400, 401, 403, 404} <= {status for _, status in answered}
