"""A program deposits over REST: charged while it waits, once for each id, and told the truth when the rail is silent."""

import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from ledger.factories import funds_of
from ledger.posting import balance
from payouts.actions.sweep import sweep_unknown
from payouts.models import Deposit
from payouts.providers.simulated import SimulatedProvider
from people.actions.make_token import make_token
from people.models import Membership, Organisation, Person

pytestmark = pytest.mark.django_db(transaction=True)
AMOUNT = 50_000_000


@pytest.fixture
def post(requester, organisation):
    Membership.objects.create(organisation=organisation, person=requester, role="owner")
    client = Client(headers={"Authorization": f"Bearer {make_token(requester, 'test', ['projects'])[1]}"})

    def post(deposit_id=None, card="card-ok", amount_micro=AMOUNT, organisation_id=organisation.pk, **more):
        body = {"id": str(deposit_id or uuid.uuid4()), "amount_micro": amount_micro, "card": card, **more}
        path = f"/api/v1/organisations/{organisation_id}/deposits"
        return client.post(path, body, "application/json")

    return post


def funds(organisation) -> int:
    return balance(funds_of(organisation.pk), "USD")


def test_the_reply_says_that_the_money_is_there(rail, organisation, post):
    reply = post()
    assert reply.status_code == 200
    assert reply.json()["state"] == "paid"
    assert reply.json()["receipt"]
    assert funds(organisation) == AMOUNT


@pytest.mark.parametrize("card", ["card-ok", "card-01", "card-03"])  # the line drops, or a 500 comes, after it has paid
def test_the_same_id_is_one_charge(rail, organisation, post, card):
    deposit_id = uuid.uuid4()
    first, again = post(deposit_id, card), post(deposit_id, card)
    assert (first.status_code, again.status_code) == (200, 200)
    assert first.json() == again.json()
    deposit = Deposit.objects.get()
    assert (deposit.state, rail.paid_times(deposit.reference)) == ("paid", 1)
    assert funds(organisation) == AMOUNT


def test_a_refused_card_is_told_with_its_reason(rail, organisation, post):
    reply = post(card="card-13")
    assert reply.status_code == 200
    assert (reply.json()["state"], reply.json()["code"]) == ("failed", Deposit.objects.get().code)
    assert reply.json()["code"]
    assert funds(organisation) == 0


def test_a_rail_that_is_away_leaves_the_outcome_open_and_the_same_post_finishes_it(own_rail, organisation, post):
    own_rail.kill()
    deposit_id = uuid.uuid4()
    reply = post(deposit_id)
    assert (reply.status_code, reply.json()["state"]) == (202, "unknown")
    assert funds(organisation) == 0
    reference = Deposit.objects.get().reference
    own_rail.start()
    reply = post(deposit_id)
    assert (reply.status_code, reply.json()["state"]) == (200, "paid")
    assert Deposit.objects.get().reference == reference
    assert own_rail.paid_times(reference) == 1
    assert funds(organisation) == AMOUNT


def test_nobody_has_to_ask_again_the_sweep_finishes_it(own_rail, organisation, post):
    own_rail.kill()
    post()
    own_rail.start()
    sweep_unknown(timezone.now() + timedelta(days=1))
    assert Deposit.objects.get().state == "paid"
    assert funds(organisation) == AMOUNT


def test_the_rail_is_never_spoken_to_inside_a_transaction(rail, post, monkeypatch):
    submit, seen = SimulatedProvider.submit, []

    def watched(self, order):
        seen.append((connection.in_atomic_block, Deposit.objects.filter(state="sent").count()))
        return submit(self, order)

    monkeypatch.setattr(SimulatedProvider, "submit", watched)
    post()
    assert seen == [(False, 1)]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"amount_micro": 0}, "amount_micro"),
        ({"amount_micro": 100_000_000_001}, "amount_micro"),
        ({"amount_micro": "ten"}, "amount_micro"),
        ({"card": ""}, "card"),
        ({"deposit_id": "seven"}, "id"),
        ({"provider": "other"}, "provider"),
    ],
)
def test_a_refusal_names_the_field_and_charges_nothing(rail, post, wrong, field):
    reply = post(**wrong)
    assert (reply.status_code, reply.json()["error"]["field"]) == (400, field)
    assert Deposit.objects.count() == 0


def test_an_id_with_another_amount_is_a_conflict_and_charges_nothing_more(rail, organisation, post):
    deposit_id = uuid.uuid4()
    post(deposit_id)
    reply = post(deposit_id, amount_micro=2 * AMOUNT)
    assert (reply.status_code, reply.json()["error"]["code"]) == (409, "id_taken")
    assert funds(organisation) == AMOUNT


def test_somebody_elses_organisation_is_not_there(rail, post):
    stranger = Organisation.objects.create(name="Others")
    Membership.objects.create(
        organisation=stranger, person=Person.objects.create_user(email="o@example.org"), role="owner"
    )
    assert post(organisation_id=stranger.pk).status_code == 404
    assert Deposit.objects.count() == 0
