"""First payouts, new numbers and money of new organisations wait, with a date and a reason; she may call back, or ask sooner (M5, A8)."""

import json
import uuid
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from delivery import outbox
from kernel.errors import DomainError
from labelling.models import Settlement
from labelling.models.holds import PayHold
from ledger.audit import findings
from ledger.factories import available_of
from ledger.posting import balance
from payouts.actions.request_deposit import request_deposit
from payouts.actions.request_payout import request_payout
from payouts.actions.send_order import send_order
from payouts.actions.sweep import send_due
from payouts.models import Deposit, Payout
from people.actions.make_token import make_token
from people.models import AuditEntry, Organisation, Person
from tests.ledger.helpers import in_threads
from tests.payouts.conftest import make_worker
from tests.roles import as_owner
from tests.worlds import sign_in

pytestmark = pytest.mark.django_db
PHONE, OTHER = "+27821234567", "+27831112222"
DAY_S, HAS, CENT = 86_400, 100_000_000, 10_000


@pytest.fixture
def waits(settings):
    settings.PAYOUT_FIRST_WAIT_S = DAY_S


@pytest.fixture
def client(worker):
    return sign_in(Client(), worker.person)


def ask(client, phone=PHONE, amount=2_000_000, payout_id=None, **headers):
    body = {"id": str(payout_id or uuid.uuid4()), "amount_micro": amount, "destination": {"phone": phone}}
    return client.post("/api/v1/wallet/payouts", json.dumps(body), content_type="application/json", headers=headers)


def later(hours):
    """As if it had been asked that long ago."""
    ago = timedelta(hours=hours)
    with as_owner():
        for payout in Payout.objects.filter(state="created").exclude(not_before=None):
            at = payout.not_before - ago
            Payout.objects.filter(pk=payout.pk).update(
                created_at=payout.created_at - ago, not_before=at, next_try_at=at
            )


def test_a_first_payout_waits_a_day_and_she_is_told_before_and_after(rail, worker, client, waits):
    assert client.get("/api/v1/wallet/terms").json()["new_number_wait_s"] == DAY_S
    said = ask(client).json()
    assert (said["state"], said["wait"]["reason"]) == ("created", "first")
    assert "sent after" in said["wait"]["sentence"]
    outbox.drain()
    [_message] = mail.outbox or [None]
    send_due(timezone.now() + timedelta(days=2))
    assert Payout.objects.get().state == "created"
    assert send_order(Payout.objects.get()).state == "created"
    later(25)
    send_due()
    assert Payout.objects.get().state == "sent"
    assert client.get("/api/v1/wallet/payouts").json()["results"][0]["wait"] is None
    again = ask(client).json()
    assert again["wait"] is None  # the number is known now
    new = ask(client, OTHER).json()
    assert new["wait"]["reason"] == "destination"


def test_a_notice_goes_to_her_address(worker, waits):
    Person.objects.filter(pk=worker.person_id).update(email="thandi@example.org", language="zu")
    request_payout(worker, uuid.uuid4(), 2_000_000, PHONE)
    outbox.drain()
    [message] = mail.outbox
    assert message.to == ["thandi@example.org"]
    assert "567" in message.body
    assert PHONE not in message.body


def test_she_calls_it_back_and_has_all_her_money(worker, client, waits):
    payout = ask(client).json()
    assert balance(available_of(worker.pk), "USD") == HAS - 2_000_000
    said = client.post(f"/api/v1/wallet/payouts/{payout['id']}/cancel", {}, content_type="application/json")
    assert (said.status_code, said.json()["state"]) == (200, "cancelled")
    assert (
        client.post(f"/api/v1/wallet/payouts/{payout['id']}/cancel", {}, content_type="application/json").json()[
            "state"
        ]
        == "cancelled"
    )
    assert balance(available_of(worker.pk), "USD") == HAS
    later(48)
    assert send_due() == 0
    assert ask(client).json()["wait"]["reason"] == "first"  # a number that was called back is not known
    assert findings() == []


def test_what_was_sent_is_not_called_back_and_anothers_is_not_there(rail, worker, client):
    payout = send_order(request_payout(worker, uuid.uuid4(), 2_000_000, PHONE))
    assert (
        client.post(f"/api/v1/wallet/payouts/{payout.pk}/cancel", {}, content_type="application/json").status_code
        == 409
    )
    stranger = sign_in(Client(), make_worker().person)
    assert (
        stranger.post(f"/api/v1/wallet/payouts/{payout.pk}/cancel", {}, content_type="application/json").status_code
        == 404
    )
    words = json.dumps({"words": "x"})
    address = f"/api/v1/wallet/payouts/{payout.pk}/appeal"
    assert stranger.post(address, words, content_type="application/json").status_code == 404
    assert client.post(address, words, content_type="application/json").status_code == 409


def test_she_says_why_it_should_not_wait_and_a_person_sends_it(rail, worker, client, waits):
    payout = ask(client).json()
    address = f"/api/v1/wallet/payouts/{payout['id']}/appeal"
    admin = Person.objects.create_user(email="admin@example.org", is_staff=True, is_superuser=True)
    for _ in range(2):
        said = client.post(address, {"words": "My child is ill."}, content_type="application/json")
        assert said.status_code == 200
    assert said.json()["wait"]["appealed_at"]
    assert client.post(address, {"words": "Something else"}, content_type="application/json").status_code == 409
    outbox.drain()
    assert "admin@example.org" in [message.to[0] for message in mail.outbox]
    desk = sign_in(Client(), admin)
    assert "My child is ill." in desk.get("/console/admin/payouts/").text
    desk.post(f"/console/admin/payouts/{payout['id']}/send/")
    send_due()
    assert Payout.objects.get().state == "sent"
    assert AuditEntry.objects.filter(action="payouts.end_wait", actor=admin).exists()


def test_an_admin_gives_it_back_to_her_and_to_nobody_else(worker, client, waits):
    payout = ask(client).json()
    desk = sign_in(Client(), Person.objects.create_user(email="a@example.org", is_staff=True, is_superuser=True))
    desk.post(f"/console/admin/payouts/{payout['id']}/give-back/")
    assert (Payout.objects.get().state, balance(available_of(worker.pk), "USD")) == ("cancelled", HAS)


def test_a_session_that_was_left_open_names_no_new_number(worker):
    client = Client()
    client.force_login(worker.person)  # signed in, but not in the last minutes
    said = ask(client)
    assert (said.status_code, said.json()["error"]["code"]) == (403, "sign_in_again")
    assert (Payout.objects.count(), balance(available_of(worker.pk), "USD")) == (0, HAS)
    ask(sign_in(Client(), worker.person))
    assert ask(client).status_code == 201
    assert ask(client, OTHER).status_code == 403


def test_a_token_pays_only_to_a_number_that_she_was_paid_to(worker):
    def bearer(*scopes):
        return {"Authorization": f"Bearer {make_token(worker.person, 'x', list(scopes))[1]}"}

    assert ask(Client(), **bearer("work")).status_code == 403
    said = ask(Client(), **bearer("wallet"))
    assert (said.status_code, said.json()["error"]["code"]) == (403, "unknown_destination")
    ask(sign_in(Client(), worker.person))
    assert ask(Client(), **bearer("wallet")).status_code == 201
    assert ask(Client(), OTHER, **bearer("wallet")).status_code == 403


def test_a_lost_reply_is_asked_again_without_a_second_look(worker):
    one = uuid.uuid4()
    first = ask(sign_in(Client(), worker.person), payout_id=one)
    old = Client()
    old.force_login(worker.person)
    assert (first.status_code, ask(old, payout_id=one).json()["id"]) == (201, str(one))
    assert Payout.objects.count() == 1


def test_a_day_has_its_limits_also_for_twenty_at_once(worker, settings):
    settings.PAYOUT_DAY_MICRO, settings.PAYOUT_DAY_COUNT = 5_000_000, 10
    request_payout(worker, uuid.uuid4(), 4_000_000, PHONE)
    with pytest.raises(DomainError, match=r"at most 5\.00 USD are paid out") as refused:
        request_payout(worker, uuid.uuid4(), 1_010_000, PHONE)
    assert refused.value.code == "day_limit"
    assert balance(available_of(worker.pk), "USD") == HAS - 4_000_000
    with as_owner():
        Payout.objects.update(created_at=timezone.now() - timedelta(hours=25))
    request_payout(worker, uuid.uuid4(), 1_010_000, PHONE)


@pytest.mark.django_db(transaction=True)
def test_twenty_at_once_come_to_no_more_than_the_day(settings):
    settings.PAYOUT_DAY_MICRO = 5_000_000
    worker = make_worker()

    def one(n):
        try:
            return request_payout(worker, uuid.uuid4(), 1_000_000, PHONE)
        except DomainError as refused:
            return refused.code

    said = in_threads(12, one)
    assert sorted(map(str, [x for x in said if isinstance(x, str)])) == ["day_limit"] * 7
    assert balance(available_of(worker.pk), "USD") == HAS - 5_000_000
    assert findings() == []


def flagged(worker, hours=72):
    """A flag stands against her, and all that she has was earned where it stands."""
    settlement = Settlement.objects.filter(worker=worker).first()
    project = settlement.answer.project if settlement else None
    now = timezone.now()
    return PayHold.objects.create(
        worker=worker, project=project, kind="ring", since=now, until=now + timedelta(hours=hours)
    )


@pytest.fixture
def kept(monkeypatch):
    """What the hold keeps, as labelling.conduct.holds counts it of answers; these workers' money has none behind it."""
    monkeypatch.setattr("labelling.conduct.holds._kept_by_flags", lambda worker, flags: 99_000_000 if flags else 0)


def test_what_a_flag_holds_is_refused_with_its_date_and_the_way_to_appeal(worker, client, kept):
    hold = flagged(worker)
    said = ask(client, amount=1_010_000)
    assert (said.status_code, said.json()["error"]["code"]) == (409, "held")
    assert f"{hold.until:%Y-%m-%d %H:%M}" in said.json()["error"]["message"]
    assert "say why" in said.json()["error"]["message"]
    assert client.get("/api/v1/wallet/terms").json()["free_micro"] == 1_000_000
    assert ask(client, amount=1_000_000).status_code == 201
    body = json.dumps({"id": str(uuid.uuid4()), "destination": {"phone": PHONE}})
    all_of_it = client.post("/api/v1/wallet/payouts", body, content_type="application/json")
    assert all_of_it.json()["error"]["code"] == "held"
    PayHold.objects.update(ended_at=timezone.now(), ended_because="admin")
    assert ask(client, amount=50_000_000).status_code == 201


def test_a_flag_that_comes_while_it_waits_catches_up_with_it(rail, worker, client, waits, kept):
    payout = ask(client, amount=50_000_000).json()
    later(25)
    hold = flagged(worker)
    send_due()
    row = Payout.objects.get(pk=payout["id"])
    assert (row.state, row.waits_for, row.not_before) == ("created", "look", hold.until)
    PayHold.objects.update(ended_at=timezone.now(), ended_because="looked")
    Payout.objects.update(
        not_before=timezone.now() - timedelta(minutes=1), next_try_at=timezone.now() - timedelta(minutes=1)
    )
    send_due()
    assert Payout.objects.get().state == "sent"


@pytest.mark.django_db(transaction=True)
def test_a_hold_and_a_sending_at_once_end_in_one_of_the_two(rail, kept):
    for _ in range(3):
        worker = make_worker()
        payout = request_payout(worker, uuid.uuid4(), 50_000_000, PHONE)
        in_threads(2, lambda n, worker=worker, payout=payout: flagged(worker) if n else send_order(payout))
        row = Payout.objects.get(pk=payout.pk)
        assert (row.state, row.waits_for) in [("sent", ""), ("created", "look")]
        assert rail.paid_times(payout.reference) == (row.state == "sent")
        assert send_order(row).state == row.state


# --- money of new organisations ---


def test_a_new_organisation_pays_in_a_little_at_a_time(requester, organisation, settings):
    settings.DEPOSIT_SETTLE_S, settings.NEW_DEPOSIT_DAY_MICRO, settings.DEPOSIT_DAY_MICRO = (
        7 * DAY_S,
        5 * CENT,
        20 * CENT,
    )
    first = request_deposit(requester, organisation, uuid.uuid4(), 4 * CENT, "card-ok")
    with pytest.raises(DomainError, match="while its first payment is being checked") as refused:
        request_deposit(requester, organisation, uuid.uuid4(), 2 * CENT, "card-ok")
    assert refused.value.code == "day_limit"
    request_deposit(requester, organisation, uuid.uuid4(), CENT, "card-ok")
    Deposit.objects.filter(pk=first.pk).update(
        state="paid", next_try_at=None, finished_at=timezone.now() - timedelta(days=8)
    )
    request_deposit(requester, organisation, uuid.uuid4(), 15 * CENT, "card-ok")
    with pytest.raises(DomainError, match=r"0\.00 are left now"):
        request_deposit(requester, organisation, uuid.uuid4(), CENT, "card-ok")


@pytest.mark.django_db(transaction=True)
def test_deposits_at_once_come_to_no_more_than_the_day(settings):
    settings.DEPOSIT_SETTLE_S, settings.NEW_DEPOSIT_DAY_MICRO = 7 * DAY_S, 5 * CENT
    organisation = Organisation.objects.create(name="New")
    requester = Person.objects.create_user(email="r@example.org")

    def one(n):
        try:
            return request_deposit(requester, organisation, uuid.uuid4(), CENT, "card-ok").amount_micro
        except DomainError as refused:
            return refused.code

    assert sorted(map(str, in_threads(8, one))) == [str(CENT)] * 5 + ["day_limit"] * 3


def test_most_of_a_new_organisations_money_waits_until_its_payment_is_settled(requester, settings, rail):
    from tests.payouts.earned import earned_with

    settings.DEPOSIT_SETTLE_S, settings.UNSETTLED_PAYOUT_MICRO = 7 * DAY_S, 1_000_000
    worker, organisation = earned_with(micro=4_000_000)
    came = timezone.now() - timedelta(days=1)
    Deposit.objects.create(
        id=uuid.uuid4(), organisation=organisation, asked_by=requester, provider="simulated", amount_micro=10**7, currency="USD",
        destination_sealed=b"", state="paid", next_try_at=None, finished_at=came,
    )  # fmt: skip
    at_once = request_payout(worker, uuid.uuid4(), 1_000_000, PHONE)
    assert at_once.not_before is None
    rest = request_payout(worker, uuid.uuid4(), 3_000_000, PHONE)
    assert (rest.waits_for, rest.not_before) == ("settling", came + timedelta(days=7))
    Deposit.objects.update(finished_at=timezone.now() - timedelta(days=8))
    Payout.objects.filter(pk=rest.pk).update(state="cancelled", next_try_at=None)
