"""What the label API refuses: one clear sentence, and nothing has changed."""

import uuid

import pytest
from django.db import transaction
from django.utils import timezone

from delivery import outbox
from labelling.batches.close_batch import close_batch
from labelling.models import BatchItem
from ledger import factories
from ledger.posting import balance
from ml_assist.actions.train_version import train_version
from people.models import ApiToken, Organisation, Person
from tests.ml import data
from tests.ml.label_calls import SURE, UNSURE, ask, everything
from tests.ml.worlds import crowd_says, learning_world, opened_for_api

pytestmark = pytest.mark.django_db


def test_the_same_id_is_the_same_request_and_for_another_item_a_conflict(client, world):
    request_id = str(uuid.uuid4())
    first = ask(client, world, UNSURE, id=request_id).json()
    assert first["id"] == request_id
    before = everything()
    assert ask(client, world, UNSURE, id=request_id).json() == first
    conflict = ask(client, world, "another text", id=request_id)
    assert (conflict.status_code, conflict.json()["error"]["field"]) == (409, "id")
    assert everything() == before


def test_a_request_whose_batch_was_closed_says_so_and_goes_on_offer_again(client, world):
    asked = ask(client, world, UNSURE).json()
    with transaction.atomic():
        close_batch(world.requester, world.batch)
    outbox.drain()
    before = everything()
    refused = ask(client, world, UNSURE)
    assert (refused.status_code, refused.json()["error"]["code"]) == (400, "no_open_batch")
    assert everything() == before
    opened_for_api(world)
    assert ask(client, world, UNSURE).json() == asked
    assert BatchItem.objects.get(batch=world.batch, item=asked["item"]).need == 2
    crowd_says(world, {UNSURE: "bad", "the first on offer": "good"})
    assert ask(client, world, UNSURE).json()["value"] == {"label": "Bad", "label_id": "bad"}


def test_without_a_batch_an_unsure_one_is_refused_and_nothing_changed(client):
    world = learning_world(data.english(120))
    train_version(world.project)
    client.force_login(world.requester)
    before = everything()
    refused = ask(client, world, UNSURE)
    assert refused.status_code == 400
    assert refused.json()["error"] == {
        "code": "no_open_batch",
        "field": "project",
        "message": "No batch of this project is open, so nobody can be asked: fund and open one first.",
    }
    assert everything() == before


def test_without_the_money_for_one_more_it_is_refused_and_nothing_changed(client):
    # Just enough for one item: 3 answers and a spare one, 15,000 each.
    world = opened_for_api(learning_world([], funds_micro=60_000))
    assert balance(factories.funds_of(world.organisation.pk), "USD") == 0
    client.force_login(world.requester)
    before = everything()
    refused = ask(client, world, UNSURE)
    assert (refused.status_code, refused.json()["error"]["field"]) == (400, "funds")
    assert refused.json()["error"]["message"].startswith("One more item needs 0.0450 USD in escrow")
    assert everything() == before
    world.batch.refresh_from_db()
    assert world.batch.items_total == 1


BAD_BODIES = [
    ({}, "item"),
    ({"item": "text"}, "item"),
    ({"item": {}}, "item"),
    ({"item": {"text": ""}}, "item.text"),
    ({"item": {"text": " \n"}}, "item.text"),
    ({"item": {"text": 5}}, "item.text"),
    ({"item": {"text": "nul \x00"}}, "item.text"),
    ({"item": {"text": "x" * 20_001}}, "item.text"),
    ({"item": {"text": "a", "url": "https://example.org"}}, "item"),
    ({"item": {"url": "https://example.org/a.png"}}, "item"),
    ({"item": {"text": "a"}, "id": "no uuid"}, "id"),
    ({"item": {"text": "a"}, "external_id": 5}, "external_id"),
    ({"item": {"text": "a"}, "threshold": 0}, "threshold"),
    ({"file": "not a file"}, "file"),
    ([], "body"),
]


def test_a_bad_request_is_one_sentence_and_changes_nothing(client, world):
    before = everything()
    for body, field in BAD_BODIES:
        refused = client.post(f"/api/v1/projects/{world.project.pk}/label", body, "application/json")
        assert (refused.status_code, refused.json()["error"]["field"]) == (400, field), body
    for wait in ("-1", "61", "soon", "1.5"):
        refused = ask(client, world, UNSURE, f"?wait={wait}")
        assert (refused.status_code, refused.json()["error"]["field"]) == (400, "wait"), wait
    assert everything() == before


def test_somebody_elses_project_and_request_are_not_there(client, world):
    asked = ask(client, world, UNSURE).json()
    stranger = Person.objects.create_user(email="stranger@example.org")
    Organisation.objects.create(name="Other").memberships.create(person=stranger, role="owner")
    client.force_login(stranger)
    before = everything()
    assert ask(client, world, UNSURE).status_code == 404
    assert client.get(f"/api/v1/label-requests/{asked['id']}").status_code == 404
    assert client.get(f"/api/v1/projects/{world.project.pk}/label-report").status_code == 404
    assert client.get(f"/api/v1/label-requests/{uuid.uuid4()}").status_code == 404
    assert everything() == before


def test_a_token_needs_the_scope_label(client, world):
    import hashlib

    client.logout()
    for scopes, status in ((["label"], 200), (["projects"], 403)):
        secret = f"ilm_{scopes[0]}"
        digest = hashlib.sha256(secret.encode()).hexdigest()
        ApiToken.objects.create(person=world.requester, name="t", prefix="ilm_", token_sha256=digest, scopes=scopes)
        headers = {"Authorization": f"Bearer {secret}"}
        url = f"/api/v1/projects/{world.project.pk}/label"
        answer = client.post(url, {"item": {"text": SURE}}, "application/json", headers=headers)
        assert answer.status_code == status


def test_an_archived_project_takes_nothing(client, world):
    world.project.archived_at = timezone.now()
    world.project.save()
    before = everything()
    refused = ask(client, world, SURE)
    assert (refused.status_code, refused.json()["error"]["field"]) == (400, "project")
    assert everything() == before
