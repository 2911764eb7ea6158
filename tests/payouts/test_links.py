"""One hand, many accounts: flagged for a person, its payouts wait for the look; a family's shared phone never (B3, bar 26)."""

import json
import random
import uuid
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from delivery import outbox
from ledger.audit import findings
from ledger.factories import available_of
from ledger.posting import balance
from payouts.actions.sweep import send_due
from payouts.links import look_for_links
from payouts.marks import mark, mark_of_number
from payouts.models import LinkFlag, Payout, Sighting
from payouts.sightings import forget_old
from people.actions.erase_person import erase_person
from people.models import Person, Worker
from people.personal_data import export_person
from tests.payouts.conftest import make_worker
from tests.roles import as_owner
from tests.worlds import sign_in

pytestmark = pytest.mark.django_db
PHONE = "+27821234567"
HAS = 3_820_000


def ask(client, phone=PHONE, amount=HAS):
    body = {"id": str(uuid.uuid4()), "amount_micro": amount, "destination": {"phone": phone}}
    said = client.post("/api/v1/wallet/payouts", json.dumps(body), content_type="application/json")
    assert said.status_code == 201, said.content
    return said.json()


def one_device():
    """A phone that somebody signed in on, as the sign-in leaves it."""
    from django.conf import settings
    from django.core import signing

    from people.devices import SALT

    value = signing.dumps({"device": "a-phone", "knows": []}, salt=SALT)
    return {settings.DEVICE_COOKIE_NAME: value}


def seen_from(person, cookies, address):
    client = sign_in(Client(REMOTE_ADDR=address), person)
    for name, value in cookies.items():
        client.cookies[name] = value
    return client


def test_five_accounts_one_number_one_device_one_address_in_a_day_wait_for_a_person(rail, settings):
    settings.PAYOUT_FIRST_WAIT_S = 86_400
    workers = [make_worker(HAS) for _ in range(5)]
    device = one_device()
    said = [ask(seen_from(worker.person, device, "102.65.1.7")) for worker in workers]
    outbox.drain()
    flags = LinkFlag.objects.all()
    assert {flag.worker_id for flag in flags} == {worker.pk for worker in workers}
    assert flags[0].evidence["signals"] == ["number", "device", "network"]
    assert "burst" in flags[0].evidence["alike"]
    assert said[-1]["wait"]["reason"] == "look"
    assert {payout.waits_for for payout in Payout.objects.all()} == {"look"}
    send_due(timezone.now() + timedelta(days=2))
    assert {payout.state for payout in Payout.objects.all()} == {"created"}
    admin = Person.objects.create_user(email="admin@example.org", is_staff=True, is_superuser=True)
    desk = sign_in(Client(), admin)
    page = desk.get("/console/admin/linked/").text
    assert all(worker.pseudonym in page for worker in workers)
    assert not any(worker.bans.exists() for worker in workers)  # evidence, never a ban
    desk.post(f"/console/admin/linked/{flags[0].group}/clear/")
    assert not Payout.objects.exclude(not_before=None).exists()
    send_due()
    assert {payout.state for payout in Payout.objects.all()} == {"sent"}
    again = make_worker(HAS)
    ask(seen_from(again.person, device, "102.65.1.7"))
    assert (
        LinkFlag.objects.filter(worker__in=workers, verdict="").count() == 0
    )  # who was looked at is not begun with again
    assert findings() == []


def test_an_admin_is_told_and_nobody_looking_sends_it_after_72_hours(rail):
    Person.objects.create_user(email="admin@example.org", is_staff=True, language="zu")
    device = one_device()
    for _ in range(5):
        ask(seen_from(make_worker(HAS).person, device, "102.65.1.7"))
    outbox.drain()
    assert [message.to for message in mail.outbox] == [["admin@example.org"]]
    long_ago = timedelta(hours=73)
    for flag in LinkFlag.objects.all():
        LinkFlag.objects.filter(pk=flag.pk).update(made_at=flag.made_at - long_ago, until=flag.until - long_ago)
    for payout in Payout.objects.filter(state="created"):
        at = payout.not_before - long_ago if payout.not_before else payout.next_try_at
        Payout.objects.filter(pk=payout.pk).update(not_before=at, next_try_at=at, waits_for="look")
    send_due()
    assert {payout.state for payout in Payout.objects.all()} == {"sent"}


def test_one_kind_of_signal_is_not_enough():
    for _ in range(6):  # one number, nothing else in common
        ask(seen_from(make_worker(HAS).person, {}, f"102.{random.randrange(200)}.{random.randrange(200)}.7"))
    for number in range(6):  # one device and one network, six numbers
        ask(seen_from(make_worker(HAS).person, one_device(), "41.1.1.1"), f"+2782000000{number}")
    assert not LinkFlag.objects.exists()


def test_marks_say_nothing_and_are_forgotten(settings):
    worker = make_worker(HAS)
    ask(seen_from(worker.person, one_device(), "2c0f:fe28:1:2:3:4:5:6"))
    kinds = dict(Sighting.objects.values_list("kind", "mark"))
    assert kinds == {"device": mark("device", "a-phone"), "network": mark("network", "2c0f:fe28:1:2::/64")}
    assert Payout.objects.get().destination_hash == mark_of_number(PHONE) != mark("device", PHONE)
    assert "payouts.Sighting" in "".join(export_person(worker.person))
    assert forget_old() == 0
    Sighting.objects.update(last_at=timezone.now() - timedelta(days=91))
    assert forget_old() == 2
    settings.LINK_KEY = "another"
    assert mark_of_number(PHONE) != Payout.objects.get().destination_hash


def test_erasure_takes_them():
    worker = Worker.objects.create(person=Person.objects.create_user(phone="+27820000001"))
    Sighting.objects.create(worker=worker, kind="device", mark="m", last_at=timezone.now())
    erase_person(worker.person)
    assert not Sighting.objects.exists()


# --- bar 26: a simulation ---


def made(rng, days_ago, number, marks):
    now = timezone.now()
    person = Person.objects.create_user(phone=f"+2783{rng.randrange(10**7):07}")
    worker = Worker.objects.create(person=person)
    Worker.objects.filter(pk=worker.pk).update(created_at=now - timedelta(days=days_ago))
    for kind, value in marks.items():
        Sighting.objects.create(worker=worker, kind=kind, mark=value, last_at=now)
    return worker, number


def paid(worker, number, days_ago):
    at = timezone.now() - timedelta(days=days_ago)
    money = {"amount_micro": 100_000, "currency": "USD", "destination_sealed": b"", "provider": "simulated"}
    payout = Payout.objects.create(
        id=uuid.uuid4(), worker=worker, destination_hash=number, state="paid", next_try_at=None, **money
    )
    with as_owner():
        Payout.objects.filter(pk=payout.pk).update(created_at=at)
    payout.refresh_from_db()
    look_for_links(payout)


def test_twenty_puppets_are_grouped_and_families_with_one_phone_are_not():
    """Families of two to five: one phone, one network, one number; they join over two months and are paid when they like, every
    third family on one day of the month. Hands: five accounts each, made and paid within a day."""
    rng = random.Random(26)
    families = 60
    for family in range(families):
        marks = {"device": f"d{family}", "network": f"n{family // 3}"}  # three families share a network, too
        payday = rng.uniform(0, 28)
        for _ in range(rng.randint(2, 5)):
            member = made(rng, rng.uniform(0, 60), f"family-{family}", marks)
            paid(*member, payday + rng.uniform(-0.2, 0.2) if family % 3 == 0 else rng.uniform(0, 28))
    assert LinkFlag.objects.count() == 0
    for hand in range(4):
        when = rng.uniform(0, 20)
        puppets = [made(rng, when + rng.uniform(0, 0.9), f"hand-{hand}", {"network": f"h{hand}"}) for _ in range(5)]
        for puppet in puppets:
            paid(*puppet, when + rng.uniform(-0.4, 0))
    assert LinkFlag.objects.count() == 20
    assert LinkFlag.objects.values("group").distinct().count() == 4


def test_money_that_waits_for_a_look_is_hers_to_call_back():
    device = one_device()
    workers = [make_worker(HAS) for _ in range(5)]
    phones = [seen_from(worker.person, device, "102.65.1.7") for worker in workers]
    last = [ask(phone) for phone in phones][-1]
    assert (
        phones[-1]
        .post(f"/api/v1/wallet/payouts/{last['id']}/cancel", {}, content_type="application/json")
        .json()["state"]
        == "cancelled"
    )
    assert balance(available_of(workers[-1].pk), "USD") == HAS
