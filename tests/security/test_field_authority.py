"""No write endpoint takes a field that is not its own: every column of every model is sent to each, one by one."""

import json

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse

from tests.security.doors import doors
from tests.security.test_permissions import fingerprint
from tests.security.world import Doors, lived_in
from tests.worlds import sign_in

pytestmark = pytest.mark.django_db
ROOMS = (
    "people",
    "labelling",
    "ledger",
    "payouts",
    "delivery",
    "intake",
    "rewards",
    "wording",
    "notices",
    "ml_assist",
    "anchoring",
    "consensus",
)
# What each endpoint asks for itself; anything else must be refused, or ignored without a trace.
OWN = {
    "api-me": {"language", "display_name", "reads", "avoids"},
    "api-me-terms": {"version", "country", "adult"},
    "api-me-confirm": {"code"},
    "api-me-notices": {"work", "money", "appeals", "by", "quiet_from", "quiet_until", "time_zone", "push"},
    "api-projects": {
        "organisation", "title", "task_type", "medium", "config", "instructions", "language", "target_ppm", "min_answers", "max_answers",
        "gold_share_bps", "estimated_task_s", "catalogue_entry", "asks_belt", "asks_team", "warnings", "suggestions_enabled",
        "label_api_threshold_ppm", "label_api_audit_bps",
    },
    "api-datasets": {"name"},
    "api-golds": {"item", "truth", "explanation", "text"},
    "api-batches": {"name", "base_micro", "bonus_micro", "fee_bps", "deadline", "keep_open"},
    "api-tokens": {"name", "scopes"},
    "api-webhooks": {"organisation", "url", "events"},
    "api-invitations": {"organisation", "address", "role"},
    "api-deposits": {"id", "amount_micro", "card", "currency", "provider"},
    "api-label": {"id", "item", "external_id", "file"},
    "api-uploads": {"urls", "files"},
    "api-upload-finish": {"columns", "header", "encoding", "shape", "ask"},
    "api-upload-columns": {"columns", "header", "encoding", "shape"},
    "api-wallet-payouts": {"id", "amount_micro", "destination", "provider"},
    "api-batch-open": {"limit"},
}  # fmt: skip


def columns() -> list[str]:
    """Every column that a program might try to set, and the ways in which they are written."""
    names = set()
    for room in ROOMS:
        for model in apps.get_app_config(room).get_models():
            for field in model._meta.concrete_fields:
                names |= {field.name, field.attname}
    return sorted(names)


VALUES = {
    "is_staff": True,
    "is_superuser": True,
    "state": "open",
    "counted": True,
    "final": True,
    "balance_micro": 10**9,
}


@pytest.fixture
def house() -> Doors:
    return lived_in()


@pytest.mark.parametrize("method", ["POST", "PATCH"])
def test_a_field_of_somebody_elses_changes_nothing(house, method):
    client = sign_in(Client(raise_request_exception=False), house.people["requester"])
    before, wrong = fingerprint(), []
    for door in doors():
        if (
            not door.name.startswith("api-")
            or method not in door.methods
            or (door.name == "api-releases" and method == "POST")
        ):
            continue
        url = reverse(door.name, kwargs=house.args(door.parameters))
        body = {name: VALUES.get(name, 1) for name in columns() if name not in OWN.get(door.name, set())}
        response = getattr(client, method.lower())(url, json.dumps(body), content_type="application/json")
        if response.status_code < 400 or response.status_code >= 500 or fingerprint() != before:
            wrong.append(f"{method} {door.name}: {response.status_code}")
            before = fingerprint()
    assert wrong == []


def test_one_foreign_field_beside_good_ones_is_refused_by_name(house):
    client = Client()
    client.force_login(house.people["requester"])
    before = fingerprint()
    for name in ("is_staff", "is_reviewer", "email", "phone", "id", "password", "is_superuser"):
        response = client.patch(
            reverse("api-me"), json.dumps({"language": "en", name: True}), content_type="application/json"
        )
        assert response.status_code == 400, name
        assert name in response.json()["error"]["message"] + response.json()["error"]["field"]
    assert fingerprint() == before
