"""Who is invited is asked, not added: nothing of her is seen, and nothing of the organisation's is hers, before she accepts."""

import json
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from kernel.errors import Conflict, DomainError, Forbidden, NotFound
from people.access import roles_of
from people.actions.create_organisation import create_organisation
from people.actions.invite_member import TO_AN_ADDRESS, invite_member
from people.models import AuditEntry, Invitation, Person
from tests.worlds import make_worker, sign_in

pytestmark = pytest.mark.django_db
PHONE = "+27821234567"


@pytest.fixture(autouse=True)
def _folder(tmp_path, settings):
    settings.DATA_DIR = tmp_path


@pytest.fixture
def owner() -> Person:
    person = Person.objects.create_user(email="owner@example.org", display_name="Owner")
    create_organisation(person, "Umuthi")
    return person


@pytest.fixture
def organisation(owner):
    return owner.memberships.get().organisation


def post(client: Client, name: str, body=None, args=(), method="POST"):
    return client.generic(method, reverse(name, args=args), json.dumps(body or {}), content_type="application/json")


def invited(client: Client, organisation, address: str, **more):
    return post(client, "api-invitations", {"organisation": organisation.pk, "address": address, **more})


def test_nobody_reads_a_name_or_whether_there_is_an_account_by_inviting(owner, organisation):
    thandi = make_worker("thandi").person
    client = sign_in(Client(), owner)
    known, unknown = invited(client, organisation, thandi.email), invited(client, organisation, "nobody@example.org")
    told = [{**one.json(), "id": 0, "expires_at": ""} for one in (known, unknown)]
    assert told[0] == told[1]
    page = client.get(reverse("console:organisation", args=[organisation.pk])).content.decode()
    assert ("thandi@example.org" in page, str(thandi) in page.replace("thandi@example.org", "")) == (True, False)
    assert roles_of(thandi) == ["worker"]
    assert not Person.objects.filter(email="nobody@example.org").exists()
    bodies = [message.body for message in mail.outbox]
    assert [one.to for one in mail.outbox] == [[thandi.email], ["nobody@example.org"]]
    assert bodies[0] == bodies[1]


def test_she_accepts_and_is_a_member_then(owner, organisation):
    thandi = make_worker("thandi").person
    invited(sign_in(Client(), owner), organisation, thandi.email, role="owner")
    hers = sign_in(Client(), thandi)
    assert hers.get(reverse("console:organisation", args=[organisation.pk])).status_code == 404
    [waiting] = hers.get(reverse("api-invitations")).json()["results"]
    assert (waiting["name"], waiting["role"]) == ("Umuthi", "owner")
    assert post(hers, "api-invitation", args=[waiting["id"]]).json() == {
        "organisation": organisation.pk,
        "role": "owner",
    }
    assert "requester" in roles_of(thandi)
    assert hers.get(reverse("api-invitations")).json()["results"] == []
    assert post(hers, "api-invitation", args=[waiting["id"]]).status_code == 404
    assert AuditEntry.objects.filter(action="people.accept_invitation", actor=thandi).exists()


def test_she_declines_and_nothing_of_her_is_told(owner, organisation):
    thandi = make_worker("thandi").person
    invitation = invite_member(owner, organisation.pk, thandi.email)
    assert post(sign_in(Client(), thandi), "api-invitation", args=[invitation.pk], method="DELETE").status_code == 204
    assert organisation.memberships.count() == 1
    assert not AuditEntry.objects.filter(action="people.decline_invitation").exclude(actor=None).exists()
    invite_member(owner, organisation.pk, thandi.email)  # and may be asked again


def test_an_invitation_is_the_invited_address_owners_alone(owner, organisation):
    invitation = invite_member(owner, organisation.pk, "thandi@example.org")
    for other in (owner, make_worker("sipho").person):
        assert post(sign_in(Client(), other), "api-invitation", args=[invitation.pk]).status_code == 404
    unproved = make_worker("thandi").person
    unproved.emailaddress_set.update(verified=False)
    assert post(sign_in(Client(), unproved), "api-invitation", args=[invitation.pk]).status_code == 404


def test_by_phone_it_comes_as_a_text_message(owner, organisation, settings):
    thandi = Person.objects.create_user(phone=PHONE, phone_verified=True)
    invite_member(owner, organisation.pk, "+27 82 123 4567")
    assert "Umuthi invites you" in (settings.DATA_DIR / "sms" / f"{PHONE[1:]}.txt").read_text()
    page = sign_in(Client(), thandi).get(reverse("console:invitations")).content.decode()
    assert "Umuthi" in page


def test_it_ends_and_can_be_sent_again(owner, organisation):
    thandi = make_worker("thandi").person
    first = invite_member(owner, organisation.pk, thandi.email)
    with pytest.raises(Conflict):
        invite_member(owner, organisation.pk, thandi.email)
    Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert post(sign_in(Client(), thandi), "api-invitation", args=[first.pk]).status_code == 404
    second = invite_member(owner, organisation.pk, thandi.email)
    first.refresh_from_db()
    assert (first.outcome, second.outcome) == ("expired", "")


def test_it_is_taken_back_by_an_owner(owner, organisation):
    thandi = make_worker("thandi").person
    invitation = invite_member(owner, organisation.pk, thandi.email)
    client = sign_in(Client(), owner)
    client.post(reverse("console:withdraw_invitation", args=[organisation.pk, invitation.pk]))
    assert post(sign_in(Client(), thandi), "api-invitation", args=[invitation.pk]).status_code == 404


def test_only_an_owner_invites_and_only_with_a_sign_in_of_the_last_minutes(owner, organisation):
    with pytest.raises(NotFound):
        invite_member(make_worker("sipho").person, organisation.pk, "a@example.org")
    member = make_worker("member").person
    organisation.memberships.create(person=member)
    with pytest.raises(Forbidden):
        invite_member(member, organisation.pk, "a@example.org")
    left_open = Client()
    left_open.force_login(owner)
    refused = invited(left_open, organisation, "a@example.org", role="owner")
    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "sign_in_again")


def test_nobody_is_flooded_with_invitations(owner):
    for n in range(TO_AN_ADDRESS):
        invite_member(owner, create_organisation(owner, f"Org {n}").pk, "thandi@example.org")
    with pytest.raises(DomainError) as refused:
        invite_member(owner, create_organisation(owner, "One more").pk, "thandi@example.org")
    assert (refused.value.status, len(mail.outbox)) == (429, TO_AN_ADDRESS)
