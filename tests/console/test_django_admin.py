"""Django's admin: every table can be looked at, secrets are not in it, and nothing is written but the few fields that are named."""

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from console.admin import EDITABLE, HIDDEN
from ledger.models import Leg, Transfer
from people.actions.make_token import make_token
from people.models import Person
from tests.worlds import opened, sentiment_world

pytestmark = pytest.mark.django_db
MODELS = sorted((model for model in admin.site._registry if hasattr(admin.site._registry[model], "editable")), key=str)


def address(model, page: str, *args) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


@pytest.fixture
def world(client):
    world = opened(sentiment_world(items=2, golds=1))
    client.force_login(Person.objects.create_user(email="admin@example.org", is_staff=True, is_superuser=True))
    return world


def test_every_table_opens_and_takes_no_new_row(client, world):
    assert len(MODELS) > 40
    for model in MODELS:
        assert client.get(address(model, "changelist")).status_code == 200, model
        assert client.get(address(model, "add")).status_code == 403, model
        assert client.post(address(model, "add"), {}).status_code == 403, model


def test_rows_are_read_and_neither_changed_nor_deleted(client, world):
    transfer, before = Transfer.objects.first(), list(Transfer.objects.values())
    assert client.get(address(Transfer, "change", transfer.pk)).status_code == 200
    assert client.post(address(Transfer, "change", transfer.pk), {"kind": "gift"}).status_code == 403
    assert client.post(address(Transfer, "delete", transfer.pk), {"post": "yes"}).status_code == 403
    action = {"action": "delete_selected", "_selected_action": [transfer.pk], "post": "yes"}
    client.post(address(Transfer, "changelist"), action)
    assert list(Transfer.objects.values()) == before
    assert Leg.objects.count() > 0


def test_only_the_named_fields_of_a_person_change(client, world):
    thandi = Person.objects.create_user(email="thandi@example.org", display_name="Thandi")
    sent = {
        "display_name": "Thandi M",
        "language": "zu",
        "is_active": "on",
        "is_staff": "on",
        "email": "evil@example.org",
    }
    client.post(address(Person, "change", thandi.pk), sent)
    thandi.refresh_from_db()
    assert (thandi.display_name, thandi.language) == ("Thandi M", "zu")
    assert (thandi.is_staff, thandi.email) == (False, "thandi@example.org")
    assert "is_staff" not in EDITABLE[Person]


def test_no_secret_is_shown(client, world):
    token, _ = make_token(world.requester, "nightly", ["label"])
    page = client.get(address(type(token), "change", token.pk)).content.decode()
    assert token.prefix in page
    assert token.token_sha256 not in page
    person = client.get(address(Person, "change", world.requester.pk)).content.decode()
    assert world.requester.password not in person
    for model in MODELS:
        fields = admin.site._registry[model].get_fields(None)
        assert HIDDEN.isdisjoint(fields), model


def test_nobody_but_an_admin_looks(world):
    other = Client()
    other.force_login(world.requester)
    assert {other.get(address(model, "changelist")).status_code for model in MODELS} <= {302, 403}
