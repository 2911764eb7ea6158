"""Owner, manager, viewer: who may do what with an organisation's work and money; the last owner stays."""

import json
import re

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from kernel.errors import DomainError, Forbidden, NotFound
from labelling.access import decisions_to_review, get_batch_for, get_project_for, require_review
from labelling.batches.create_batch import create_batch
from labelling.batches.open_batch import open_batch
from labelling.models import Batch
from people.access import get_member_organisation_for, get_spending_organisation_for
from people.actions.change_member import change_member
from people.actions.invite_member import invite_member
from people.models import AuditEntry, Membership, Person
from tests.worlds import sentiment_world, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return sentiment_world(items=3, workers=1)


def colleague(world, role: str) -> Person:
    person = Person.objects.create_user(email=f"{role}@example.org", display_name=role)
    Membership.objects.create(organisation=world.organisation, person=person, role=role)
    return person


def call(person: Person, method: str, name: str, args=(), body=None):
    client = sign_in(Client(), person)
    return client.generic(method, reverse(name, args=args), json.dumps(body or {}), content_type="application/json")


def test_a_viewer_sees_everything_but_money_and_changes_nothing(world):
    viewer = colleague(world, "viewer")
    assert get_project_for(viewer, world.project.pk) == world.project
    for door in (
        lambda: get_project_for(viewer, world.project.pk, write=True),
        lambda: get_member_organisation_for(viewer, world.organisation.pk),
    ):
        with pytest.raises(Forbidden) as refusal:
            door()
        assert refusal.value.code == "only_looks"
    with pytest.raises(NotFound):
        require_review(viewer)
    assert not decisions_to_review(viewer).exists()
    stranger = sentiment_world(items=1, workers=1).requester
    with pytest.raises(NotFound):  # who is no member learns nothing
        get_project_for(stranger, world.project.pk, write=True)


def test_a_manager_prepares_a_batch_and_only_an_owner_opens_it(world):
    manager = colleague(world, "manager")
    made = call(manager, "POST", "api-batches", [world.project.pk], {"name": "b", "base_micro": 10_000})
    assert made.status_code == 201
    refused = call(manager, "POST", "api-batch-open", [made.json()["id"]])
    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "no_money")
    assert Batch.objects.get(pk=made.json()["id"]).state == "draft"
    assert call(world.requester, "POST", "api-batch-open", [made.json()["id"]]).status_code == 200
    assert call(manager, "POST", "api-batch-pause", [made.json()["id"]]).status_code == 200
    assert (
        call(manager, "POST", "api-batch-resume", [made.json()["id"]]).status_code == 200
    )  # her own pause costs nothing


@pytest.mark.parametrize("role", ["manager", "viewer"])
def test_money_is_an_owners_to_see_and_to_spend(world, role):
    person, client = colleague(world, role), Client()
    with pytest.raises(Forbidden):
        get_spending_organisation_for(person, world.organisation.pk)
    for method, body in (("GET", None), ("POST", {"id": "0" * 32, "amount_micro": 1, "card": "card-ok"})):
        reply = call(person, method, "api-deposits", [world.organisation.pk], body)
        assert (reply.status_code, reply.json()["error"]["code"]) == (403, "no_money")
    asked = call(person, "POST", "api-label", [world.project.pk], {"item": {"text": "x"}})
    assert asked.status_code == 403
    client.force_login(person)
    pages = [reverse("console:organisation", args=[world.organisation.pk]), reverse("console:home")]
    pages += [reverse("console:batches", args=[world.project.pk])]
    assert [page for page in pages if re.search(r"\b100\.00\b", client.get(page).content.decode())] == []
    client.force_login(world.requester)
    assert [bool(re.search(r"\b100\.00\b", client.get(page).content.decode())) for page in pages] == [True] * 3


def test_an_owner_gives_roles_and_the_last_owner_stays(world):
    person = colleague(world, "viewer")
    place = [world.organisation.pk, person.pk]
    assert call(person, "PATCH", "api-member", place, {"role": "owner"}).status_code == 403
    told = call(world.requester, "PATCH", "api-member", place, {"role": "manager"})
    assert told.json() == {"person": person.pk, "name": "viewer", "role": "manager"}
    entry = AuditEntry.objects.filter(action="people.change_member").get()
    assert (entry.detail["before"], entry.detail["role"]) == ("viewer", "manager")
    with pytest.raises(DomainError) as refusal:
        change_member(world.requester, world.organisation.pk, world.requester.pk, "viewer")
    assert refusal.value.field == "person"
    change_member(world.requester, world.organisation.pk, person.pk, "owner")
    change_member(world.requester, world.organisation.pk, world.requester.pk, "viewer")
    with pytest.raises(Forbidden):
        open_batch(world.requester, create_batch(person, world.project, name="b", base_micro=10_000))


def test_the_database_knows_three_roles(world):
    with pytest.raises(IntegrityError, match="a_role_of_members"), transaction.atomic():
        Membership.objects.filter(organisation=world.organisation).update(role="member")


def test_removing_asks_first_and_inviting_gives_no_money_by_default(world):
    person, client = colleague(world, "manager"), sign_in(Client(), world.requester)
    address = reverse("console:remove_member", args=[world.organisation.pk, person.pk])
    assert "Take manager out of Acme?" in client.get(address).content.decode()
    assert Membership.objects.filter(person=person).exists()
    client.post(address)
    assert not Membership.objects.filter(person=person).exists()
    assert invite_member(world.requester, world.organisation.pk, "new@example.org").role == "viewer"


def test_an_organisations_number_stands_in_the_api_and_on_its_page(world):
    listed = call(world.requester, "GET", "api-organisations").json()["results"]
    assert listed == [{"id": world.organisation.pk, "name": "Acme", "role": "owner"}]
    members = call(world.requester, "GET", "api-members", [world.organisation.pk]).json()["results"]
    assert [one["role"] for one in members] == ["owner"]
    made = call(world.requester, "POST", "api-organisations", body={"name": "Second"})
    assert made.status_code == 201
    client = sign_in(Client(), world.requester)
    page = client.get(reverse("console:organisation", args=[world.organisation.pk])).content.decode()
    assert f"Number {world.organisation.pk} in the API" in page


def test_a_batch_of_hers_is_hers_to_read(world):
    viewer = colleague(world, "viewer")
    batch = create_batch(world.requester, world.project, name="b", base_micro=10_000)
    assert get_batch_for(viewer, batch.pk) == batch
