"""Asking for a payout or a deposit: what is written, and what a refusal leaves alone."""

import uuid

import pytest

from kernel.errors import Conflict, DomainError, Forbidden, NotFound
from ledger.factories import available_of, in_flight_of
from ledger.models import Transfer
from ledger.posting import balance
from payouts.access import (
    deposits_of,
    get_all_payouts_for,
    get_payout_for,
    in_flight_micro,
    payouts_of,
)
from payouts.actions.request_deposit import request_deposit
from payouts.actions.request_payout import request_payout
from payouts.models import Deposit, Payout
from people.models import AuditEntry, Membership, Person
from tests.ledger.helpers import in_threads
from tests.payouts.conftest import make_worker

pytestmark = pytest.mark.django_db
PHONE = "+27821234567"


def state():
    return Transfer.objects.count(), list(Payout.objects.values()), list(Deposit.objects.values())


def test_a_request_moves_the_money_in_flight_and_fixes_the_reference(worker):
    payout = request_payout(worker, uuid.uuid4(), 2_500_000, PHONE)
    payout.refresh_from_db()
    assert (payout.state, payout.amount_micro, payout.currency, payout.tries) == ("created", 2_500_000, "USD", 0)
    assert payout.reference.startswith("ILM")
    assert balance(available_of(worker.pk), "USD") == 97_500_000
    assert balance(in_flight_of(payout.pk), "USD") == 2_500_000
    assert in_flight_micro(worker, "USD") == 2_500_000
    entry = AuditEntry.objects.get()
    assert (entry.actor, entry.action, entry.target) == (worker.person, "payouts.request_payout", f"payout:{payout.pk}")


def test_the_number_is_sealed_and_only_its_end_is_shown(worker):
    payout = request_payout(worker, uuid.uuid4(), 2_500_000, PHONE)
    payout.refresh_from_db()
    assert PHONE.encode() not in bytes(payout.destination_sealed)
    assert (payout.destination, payout.destination_hint) == (PHONE, "567")


def test_a_number_stays_readable_while_its_key_is_kept(worker, settings):
    settings.DESTINATION_KEYS = ["old"]
    before = request_payout(worker, uuid.uuid4(), 200_000, PHONE)
    settings.DESTINATION_KEYS = ["new", "old"]
    assert before.destination == PHONE
    after = request_payout(worker, uuid.uuid4(), 200_000, PHONE)
    settings.DESTINATION_KEYS = ["new"]
    assert after.destination == PHONE


def test_the_same_id_is_the_same_payout(worker, django_assert_num_queries):
    payout_id = uuid.uuid4()
    first = request_payout(worker, payout_id, 2_500_000, PHONE)
    before = state()
    with django_assert_num_queries(1):
        again = request_payout(worker, payout_id, 2_500_000, PHONE)
    assert again.reference == first.reference
    assert state() == before


@pytest.mark.parametrize("change", [{"amount_micro": 2_400_000}, {"phone": "+27820000001"}, {"worker": True}])
def test_the_same_id_for_something_else_is_a_conflict(worker, change):
    asked = {"worker": worker, "payout_id": uuid.uuid4(), "amount_micro": 2_500_000, "phone": PHONE}
    request_payout(**asked)
    asked |= {"worker": make_worker()} if "worker" in change else change
    before = state()
    with pytest.raises(Conflict, match="already used for another payout"):
        request_payout(**asked)
    assert state() == before


def test_amounts_are_rounded_down_and_the_rest_stays_hers(worker):
    payout_id = uuid.uuid4()
    payout = request_payout(worker, payout_id, 2_509_999, PHONE)
    assert payout.amount_micro == 2_500_000
    assert request_payout(worker, payout_id, 2_509_999, PHONE).pk == payout.pk
    assert balance(available_of(worker.pk), "USD") == 97_500_000


def test_none_means_everything():
    worker = make_worker(1_234_567)
    payout_id = uuid.uuid4()
    assert request_payout(worker, payout_id, None, PHONE).amount_micro == 1_230_000
    assert request_payout(worker, payout_id, None, PHONE).amount_micro == 1_230_000
    assert balance(available_of(worker.pk), "USD") == 4_567


@pytest.mark.parametrize(
    ("asked", "field", "words"),
    [
        ({"amount_micro": 100_010_000}, "amount_micro", "You have 100.00 USD available; ask for that or less."),
        (
            {"amount_micro": 90_000},
            "amount_micro",
            "The least that can be paid out is 0.10 USD; earn a little more first.",
        ),
        (
            {"amount_micro": -5_000_000},
            "amount_micro",
            "The least that can be paid out is 0.10 USD; earn a little more first.",
        ),
        (
            {"amount_micro": 10_000_010_000},
            "amount_micro",
            "The most that can be paid at once is 10,000.00 USD; ask twice.",
        ),
        ({"amount_micro": 1.5}, "amount_micro", "The amount must be a whole number of micro-units."),
        ({"phone": "0821234567"}, "destination.phone", "country code"),
        ({"phone": "+27 82"}, "destination.phone", "country code"),
        ({"provider": "pigeon"}, "provider", "We cannot pay by 'pigeon': choose one of simulated."),
    ],
)
def test_a_refusal_names_the_field_and_changes_nothing(worker, asked, field, words):
    before = state()
    with pytest.raises(DomainError, match=words.replace(".", r"\.")) as refusal:
        request_payout(
            **{"worker": worker, "payout_id": uuid.uuid4(), "amount_micro": 2_500_000, "phone": PHONE, **asked}
        )
    assert refusal.value.field == field
    assert state() == before
    assert balance(available_of(worker.pk), "USD") == 100_000_000


def test_a_deposit_posts_nothing_until_the_rail_has_spoken(requester, organisation):
    before = state()[0]
    deposit_id = uuid.uuid4()
    deposit = request_deposit(requester, organisation, deposit_id, 5_000_000, "card-ok")
    assert (deposit.state, deposit.amount_micro, deposit.destination) == ("created", 5_000_000, "card-ok")
    assert request_deposit(requester, organisation, deposit_id, 5_000_000, "card-ok").reference == deposit.reference
    assert state()[0] == before
    with pytest.raises(Conflict, match="already used for another deposit"):
        request_deposit(requester, organisation, deposit_id, 6_000_000, "card-ok")
    assert Deposit.objects.get().amount_micro == 5_000_000


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"amount_micro": 0}, "amount_micro"),
        ({"amount_micro": 1e6}, "amount_micro"),
        ({"amount_micro": 10**12}, "amount_micro"),
        ({"amount_micro": 50_001}, "amount_micro"),
        ({"card": ""}, "card"),
    ],
)
def test_a_deposit_that_makes_no_sense_is_refused(requester, organisation, asked, field):
    with pytest.raises(DomainError) as refusal:
        request_deposit(
            **{
                "actor": requester,
                "organisation": organisation,
                "deposit_id": uuid.uuid4(),
                "amount_micro": 50_000,
                "card": "c",
                **asked,
            }
        )
    assert refusal.value.field == field
    assert not Deposit.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_the_same_ids_in_the_same_moment_make_one_order_each(worker, requester, organisation):
    one, other = uuid.uuid4(), uuid.uuid4()
    payouts = in_threads(8, lambda n: request_payout(worker, one, 2_500_000, PHONE))
    deposits = in_threads(8, lambda n: request_deposit(requester, organisation, other, 5_000_000, "card-ok"))
    assert {p.reference for p in payouts} == {Payout.objects.get().reference}
    assert {d.reference for d in deposits} == {Deposit.objects.get().reference}
    assert balance(available_of(worker.pk), "USD") == 97_500_000


def test_payouts_and_deposits_are_seen_by_their_own_and_by_admins(worker, requester, organisation):
    payout = request_payout(worker, uuid.uuid4(), 2_500_000, PHONE)
    deposit = request_deposit(requester, organisation, uuid.uuid4(), 5_000_000, "card-ok")
    Membership.objects.create(person=requester, organisation=organisation, role="owner")
    admin = Person.objects.create_user(email="admin@example.org", is_staff=True)
    stranger = make_worker()
    assert get_payout_for(worker.person, payout.pk) == get_payout_for(admin, payout.pk) == payout
    assert list(payouts_of(worker)) == list(get_all_payouts_for(admin)) == [payout]
    assert list(payouts_of(stranger)) == []
    assert list(deposits_of(organisation)) == [deposit]
    for look in (
        lambda: get_payout_for(stranger.person, payout.pk),
        lambda: get_payout_for(admin, uuid.uuid4()),
    ):
        with pytest.raises(NotFound):
            look()
    with pytest.raises(Forbidden):
        get_all_payouts_for(worker.person)
