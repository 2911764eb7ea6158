"""The pages as the API: nothing that is typed, sent or put into an address is a fault of ours.

The fields of a form are those that the pages show. ILIMA_BODIES as in test_hostile_bodies.
"""

from __future__ import annotations

import json
import random
import re
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.urls import reverse

from tests import sizes
from tests.security.doors import doors, table
from tests.security.hostile import VALUES
from tests.security.test_hostile_bodies import _no_limit, client_of, house  # noqa: F401
from tests.security.test_permissions import call

pytestmark = pytest.mark.django_db
TEXTS = [value for value in VALUES if isinstance(value, str)]
ADDRESSED = (
    "action", "after", "before", "e", "flagged", "format", "kind", "label", "only", "project", "q", "s", "saved", "standing",
    "state", "to", "which", "page", "cursor", "next", "from",
)  # fmt: skip
FORM = "application/x-www-form-urlencoded"
OPEN = ("api-", "headless")


def opened_by(method: str, role: str) -> list[str]:
    """The doors that the table lets the role through, programs' left out."""
    return [
        row["door"]
        for row in table()
        if row["method"] == method and row[role] in ("200", "302", "400") and not row["door"].startswith(OPEN)
    ]


def url_of(house, name: str) -> str:  # noqa: F811
    known = {door.name: door for door in doors()}
    return reverse(name, kwargs=house.args(known[name].parameters))


def pages(house, role: str) -> list[tuple[str, Client, str]]:  # noqa: F811
    return [(name, client_of(house, role), url_of(house, name)) for name in opened_by("GET", role) if name != "metrics"]


@pytest.mark.slow
@pytest.mark.parametrize("role", ["requester", "admin", "reviewer"])
def test_no_query_of_a_page_is_a_fault_of_ours(house, role):  # noqa: F811
    rng, wrong = random.Random(f"{sizes.SEED} {role}"), []
    for name, client, url in pages(house, role):
        together = [dict.fromkeys(ADDRESSED, value) for value in rng.sample(TEXTS, min(len(TEXTS), sizes.BODIES // 6))]
        alone = [{rng.choice(ADDRESSED): rng.choice(TEXTS)} for _ in range(sizes.BODIES // 6)]
        for query in together + alone:
            status, _, changed = call(client, {}, url, "GET", query)
            wrong += [f"{name} {str(query)[:200]}: {status}"] if status >= 500 or changed else []
    assert not wrong, "\n".join(wrong)


NAMED = re.compile(rb'<(?:input|select|textarea)[^>]*\bname="([^"]+)"')


def fields_of(house, role: str) -> list[str]:  # noqa: F811
    found = {"urls", "choice", "reason", "then", "which", "language", "words", "sentence", "until"}
    for _, client, url in pages(house, role):
        found |= {name.decode() for name in NAMED.findall(call(client, {}, url, "GET")[1])}
    return sorted(found - {"csrfmiddlewaretoken"})


@pytest.mark.slow
@pytest.mark.parametrize("role", ["requester", "admin", "reviewer"])
def test_no_form_is_a_fault_of_ours(house, role):  # noqa: F811
    rng, wrong, names = random.Random(f"{sizes.SEED} {role}"), [], fields_of(house, role)
    assert len(names) > 5
    for name in opened_by("POST", role):
        client, url = client_of(house, role), url_of(house, name)
        for _ in range(sizes.BODIES // 6):
            form = {field: rng.choice(TEXTS) for field in names if rng.random() < 0.7}
            sent = urlencode(form, errors="surrogatepass").encode()
            status, _, changed = call(client, {}, url, "POST", sent, FORM)
            wrong += [f"{name} {str(form)[:600]}: {status}"] if status >= 500 or changed else []
    assert not wrong, "\n".join(wrong)


SIGN_IN = {
    "auth/signup": {"phone": "+27821234567", "email": "a@example.org", "display_name": "S", "language": "zu", "organisation": "O"},
    "auth/login": {"phone": "+27821234567", "email": "a@example.org", "password": "x"},
    "auth/code/request": {"phone": "+27821234567", "email": "a@example.org"},
    "auth/code/confirm": {"code": "123456"},
    "auth/phone/verify": {"code": "123456"},
    "auth/password/request": {"email": "a@example.org"},
    "auth/password/reset": {"key": "x", "password": "a long pass phrase"},
    "auth/email/verify": {"key": "x"},
    "auth/2fa/authenticate": {"code": "123456"},
    "auth/webauthn/login": {"credential": {"id": "x"}},
}  # fmt: skip


@pytest.mark.parametrize("path", SIGN_IN)
def test_no_stranger_at_the_sign_in_makes_a_fault_of_ours(house, path, settings, tmp_path):  # noqa: F811
    settings.DATA_DIR = tmp_path
    rng, wrong, client = random.Random(f"{sizes.SEED} {path}"), [], Client(raise_request_exception=False)
    names, url = list(SIGN_IN[path]), f"/_allauth/browser/v1/{path}"
    bodies = [{**SIGN_IN[path], name: value} for name in names for value in VALUES] + [
        {name: v} for name in names for v in VALUES
    ]
    raw = [json.dumps(body).encode() for body in rng.sample(bodies, min(len(bodies), sizes.BODIES)) + list(VALUES)]
    for sent in [*raw, b"[" * 100_000, b"\xff", b"{", b"9" * 5000]:
        settings.THROTTLE_RATES = {"person": "1000000/min", "address": "1000000/min", "code": "5/hour"}
        status, _, _ = call(client, {}, url, "POST", sent)
        wrong += [f"{path} {sent[:200]!r}: {status}"] if status >= 500 else []
    assert not wrong, "\n".join(wrong)
