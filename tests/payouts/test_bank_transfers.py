"""A bank transfer received: two people, one reference, one deposit (production finding 3)."""

import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from kernel.errors import DomainError, Forbidden
from ledger import factories
from ledger.audit import findings
from ledger.posting import balance, post_many
from payouts.actions.bank_transfers import confirm_transfer
from payouts.actions.request_deposit import request_deposit
from payouts.models import BankTransfer, Deposit
from payouts.waiting import settling_until
from people.models import AuditEntry, Person
from tests.ledger.helpers import in_threads
from tests.worlds import sign_in

pytestmark = pytest.mark.django_db
PAGE = "/console/admin/transfers/"


@pytest.fixture
def desks():
    admins = [Person.objects.create_user(email=f"a{n}@example.org", is_staff=True, is_superuser=True) for n in range(2)]
    return [(admin, sign_in(Client(), admin)) for admin in admins]


def recorded(desk, organisation, amount="250.5", reference="FNB 7731"):
    form = {"id": str(uuid.uuid4()), "organisation": organisation.pk, "amount_micro": amount, "reference": reference}
    return desk.post(PAGE, form)


def funds(organisation):
    return balance(factories.funds_of(organisation.pk), "USD")


def test_one_records_another_confirms_and_the_money_is_hers(desks, organisation):
    (first, one), (second, other) = desks
    assert recorded(one, organisation).status_code == 302
    transfer = BankTransfer.objects.get()
    assert funds(organisation) == 0
    assert one.post(f"{PAGE}{transfer.pk}/confirm/").status_code == 403
    assert funds(organisation) == 0
    for _ in range(2):
        assert other.post(f"{PAGE}{transfer.pk}/confirm/").status_code == 302
    assert (funds(organisation), balance(factories.float_of("bank"), "USD")) == (250_500_000, -250_500_000)
    entries = dict(AuditEntry.objects.filter(action__contains="transfer").values_list("action", "actor"))
    assert entries == {"payouts.record_transfer": first.pk, "payouts.confirm_transfer": second.pk}
    assert "FNB 7731" in one.get(PAGE).text
    assert findings() == []


def test_a_reference_is_booked_once_and_bad_input_is_one_sentence(desks, organisation):
    (_, one), _ = desks
    recorded(one, organisation)
    again = recorded(one, organisation, amount="1")
    assert (again.status_code, "recorded already" in again.text) == (400, True)
    for wrong in ({"amount": "-1"}, {"amount": "x"}, {"amount": "100001"}, {"reference": " "}):
        assert recorded(one, organisation, **{"reference": "other", **wrong}).status_code == 400
    organisation.pk = 999_999
    assert recorded(one, organisation, reference="nobody's").status_code in (400, 404)
    assert BankTransfer.objects.count() == 1


def test_it_pays_first_what_is_owed(desks, organisation):
    (_first, one), (second, _) = desks
    owed = factories.moved(factories.debt_of(organisation.pk), factories.float_of("simulated"), 100_000_000)
    post_many([factories.Transfer("test:owed", "deposit reversed", "USD", owed, {})])
    recorded(one, organisation)
    confirm_transfer(second, BankTransfer.objects.get().pk)
    assert (funds(organisation), balance(factories.debt_of(organisation.pk), "USD")) == (150_500_000, 0)


def test_the_database_itself_wants_two_people(desks, organisation):
    from django.db import IntegrityError

    (first, one), _ = desks
    recorded(one, organisation)
    with pytest.raises(IntegrityError, match="bank_transfer_two_people"):
        BankTransfer.objects.update(confirmed_by=first, confirmed_at=timezone.now())


def test_an_organisation_that_paid_by_bank_is_no_new_one(desks, organisation, requester, settings):
    settings.DEPOSIT_SETTLE_S, settings.NEW_DEPOSIT_DAY_MICRO = 7 * 86_400, 1_000_000
    (_, one), (second, _) = desks
    with pytest.raises(DomainError):
        request_deposit(requester, organisation, uuid.uuid4(), 1_010_000, "card-ok")
    recorded(one, organisation)
    with pytest.raises(DomainError):  # recorded is not confirmed
        request_deposit(requester, organisation, uuid.uuid4(), 1_010_000, "card-ok")
    confirm_transfer(second, BankTransfer.objects.get().pk)
    made = request_deposit(requester, organisation, uuid.uuid4(), 1_010_000, "card-ok")
    Deposit.objects.filter(pk=made.pk).update(
        state="paid", next_try_at=None, finished_at=timezone.now() - timedelta(hours=1)
    )
    assert settling_until([organisation.pk]) == {}


@pytest.mark.django_db(transaction=True)
def test_confirmed_eight_times_at_once_it_is_booked_once(desks, organisation):
    (_, one), (second, _) = desks
    recorded(one, organisation)
    pk = BankTransfer.objects.get().pk
    in_threads(8, lambda n: confirm_transfer(second, pk))
    assert funds(organisation) == 250_500_000


def test_a_member_of_staff_only(organisation, requester):
    with pytest.raises(Forbidden):
        confirm_transfer(requester, uuid.uuid4())
