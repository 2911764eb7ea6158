"""Which rails there are is a setting; the one that only practises is refused where money is real."""

import uuid

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import override_settings

from ledger.factories import funds_of
from ledger.posting import balance
from payouts.actions.charge_deposit import charge_deposit
from payouts.actions.request_deposit import request_deposit
from payouts.actions.request_payout import request_payout
from payouts.checks import check_rails
from payouts.providers import get_provider
from payouts.providers.simulated import SimulatedProvider
from payouts.reconciliation import reconcile
from people.models import Membership
from server.checks import refuse_demo_secrets

PRACTICE = "payouts.providers.simulated.SimulatedProvider"
REAL = f"{__name__}.RealRail"


class RealRail(SimulatedProvider):
    """Speaks as the practice rail does, and says that its money is real."""

    practice = False


IN_PRODUCTION = {
    "DEBUG": False,
    "TESTING": False,
    "SECOND_FACTOR_REQUIRED": True,
    "DESTINATION_KEYS": ["of-our-own-" * 3],
}


def ids(**settings) -> list[str]:
    with override_settings(**IN_PRODUCTION, **settings):
        return [error.id for error in check_rails(None)]


def test_the_practice_rail_is_refused_in_production_unless_it_is_asked_for():
    assert ids(PAYOUT_PROVIDERS={"simulated": PRACTICE}) == ["ilima.E011"]
    assert ids(PAYOUT_PROVIDERS={"real": REAL, "simulated": PRACTICE}) == ["ilima.E011"]
    assert ids(PAYOUT_PROVIDERS={"simulated": PRACTICE}, ALLOW_PRACTICE_RAIL=True) == []
    assert ids(PAYOUT_PROVIDERS={"real": REAL}) == []
    assert ids(PAYOUT_PROVIDERS={"real": REAL}, PAYOUT_PROVIDER="pigeon") == ["ilima.E010"]


def test_no_process_starts_with_it(monkeypatch):
    monkeypatch.setenv("PUBLIC_URL", "https://a.example")
    monkeypatch.setenv("MEDIA_ORIGIN", "https://b.example")
    ours = {"ALLOW_FILE_MESSAGES": True}
    ours |= {
        "SECRET_KEY": "k" * 60,
        "RECEIPT_SIGNING_KEY": "ab" * 32,
        "RAIL_SECRET": "r" * 32,
        "ANCHOR_PRIVATE_KEY": "0x1",
    }
    with override_settings(**IN_PRODUCTION, **ours), pytest.raises(ImproperlyConfigured, match="only practises"):
        refuse_demo_secrets()
    with override_settings(**IN_PRODUCTION, **ours, PAYOUT_PROVIDERS={"real": REAL}):
        refuse_demo_secrets()


@pytest.mark.django_db
def test_who_names_no_rail_gets_the_one_of_the_settings(rail, requester, organisation, worker, settings):
    settings.PAYOUT_PROVIDERS = {"other": PRACTICE, "real": REAL}
    deposit = charge_deposit(request_deposit(requester, organisation, uuid.uuid4(), 50_000_000, "card-ok"))
    assert (deposit.provider, deposit.state, balance(funds_of(organisation.pk), "USD")) == ("other", "paid", 50_000_000)
    settings.PAYOUT_PROVIDER = "real"
    assert request_payout(worker, uuid.uuid4(), 2_000_000, "+27821234567").provider == "real"


@pytest.mark.django_db
def test_the_books_of_a_rail_are_compared_under_the_name_of_the_setting(rail, requester, organisation, settings):
    settings.PAYOUT_PROVIDERS = {"other": PRACTICE}
    charge_deposit(request_deposit(requester, organisation, uuid.uuid4(), 50_000_000, "card-ok"))
    books = reconcile(get_provider("other"))
    assert books.ledger_micro == {"USD": 50_000_000}
    assert [one for one in books.differences if one.state != "not ours"] == []  # what other tests left at the rail


@pytest.mark.django_db
def test_the_deposit_form_speaks_of_practice_only_where_it_is(client, requester, organisation, settings):
    Membership.objects.create(organisation=organisation, person=requester, role="owner")
    client.force_login(requester)
    page = f"/console/organisations/{organisation.pk}/"
    assert "card-ok" in client.get(page).text
    settings.PAYOUT_PROVIDERS = {"real": REAL}
    assert "card-ok" not in client.get(page).text
