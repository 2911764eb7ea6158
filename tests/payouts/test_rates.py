"""Her money in her own currency: by a rate that an admin has set, with its day and source; never an invented one."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from ledger import clock
from payouts.models import ExchangeRate
from payouts.rates import currencies
from people.models import AuditEntry, Person
from tests.worlds import make_worker

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin():
    return Person.objects.create_user(email="admin@example.org", is_staff=True)


def say(rate="17.85", day=None, currency="ZAR", by="admin@example.org", source="SARB, daily"):
    call_command("set_rate", currency, rate, source=source, day=day or clock.today(), by=by)


def told(worker):
    client = Client()
    client.force_login(worker.person)
    return client.get("/api/v1/me").json()["worker"]["local"]


def in_south_africa():
    worker = make_worker("thandi")
    worker.country = "ZA"
    worker.save()
    return worker


def test_she_is_shown_the_rate_of_the_day_with_its_source(admin):
    worker = in_south_africa()
    assert told(worker) is None, "none is invented"
    say()
    today = clock.today().isoformat()
    assert told(worker) == {"currency": "ZAR", "rate_micro": 17_850_000, "day": today, "source": "SARB, daily"}
    say("17.9")
    assert told(worker)["rate_micro"] == 17_900_000
    assert AuditEntry.objects.filter(actor=admin, action="payouts.set_rate").count() == 2


def test_who_lives_elsewhere_sees_another_or_none(admin):
    say()
    kenyan = make_worker("wanjiru")
    kenyan.country = "KE"
    kenyan.save()
    american = make_worker("ann")
    american.country = "US"
    american.save()
    assert [told(one) for one in (kenyan, american, make_worker("nobody"))] == [None, None, None]
    assert currencies()["KE"] == "KES"


def test_an_old_rate_is_not_shown(admin):
    worker = in_south_africa()
    old = clock.today() - timedelta(days=8)
    with pytest.raises(CommandError, match="one of the last seven"):
        say(day=old)
    fields = {"base": "USD", "currency": "ZAR", "rate_micro": 1_000_000, "source": "x", "said_by": admin}
    ExchangeRate.objects.create(day=old, **fields)
    assert told(worker) is None


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"rate": "much"}, "is no rate"),
        ({"rate": "NaN"}, "is no rate"),
        ({"rate": "-1"}, "more than 0"),
        ({"rate": "0"}, "more than 0"),
        ({"rate": "0.0000001"}, "at most six decimals"),
        ({"rate": "17.8512345"}, "at most six decimals"),
        ({"by": "nobody"}, "phone number"),
        ({"currency": "XXX"}, "no currency"),
        ({"currency": "USD"}, "no currency"),
        ({"source": " "}, "source"),
        ({"by": "nobody@example.org"}, "Nobody"),
    ],
)
def test_what_is_no_rate_is_refused_and_nothing_is_kept(admin, wrong, said):
    with pytest.raises(CommandError, match=said):
        say(**wrong)
    assert not ExchangeRate.objects.exists()


def test_nobody_but_an_admin_sets_one():
    Person.objects.create_user(email="admin@example.org")
    with pytest.raises(CommandError):
        say()
    assert not ExchangeRate.objects.exists()


def test_it_costs_one_statement_and_none_where_money_is_shown_as_it_is(admin):
    counts = []
    for worker in (in_south_africa(), make_worker("nobody")):
        client = Client()
        client.force_login(worker.person)
        client.get("/api/v1/me")
        with CaptureQueriesContext(connection) as seen:
            client.get("/api/v1/me")
        counts.append(len(seen))
    assert counts[0] == counts[1] + 1
