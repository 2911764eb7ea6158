"""She can always close her account: dust is given away by her own choice, and what keeps it open is told with a date (P2)."""

import json
import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from labelling.access import get_open_batch_for
from labelling.work.accept_answers import accept_answers
from labelling.work.draw_work import draw_work
from ledger.audit import findings
from ledger.factories import available_of, donations_to
from ledger.models import Transfer
from ledger.posting import balance
from payouts.actions.request_payout import request_payout
from payouts.actions.send_order import send_order
from payouts.actions.sweep import sweep_unknown
from people.models import AuditEntry, Person
from tests.payouts.conftest import make_worker
from tests.worlds import answer_to, opened, sentiment_world, sign_in

pytestmark = pytest.mark.django_db
PHONE = "+27821234567"
DUST = 18_495


def close(client, **more):
    body = json.dumps({"confirm": "erase", **more})
    return client.post("/api/v1/me/close", body, content_type="application/json")


def fund(settings):
    return balance(donations_to(settings.DONATIONS_TO), "USD")


def test_dust_is_given_away_by_her_own_choice_and_the_account_is_closed(settings):
    worker = make_worker(DUST)
    client = sign_in(Client(), worker.person)
    said = close(client)
    assert (said.status_code, said.json()["error"]["code"]) == (400, "dust_left")
    assert "0.018495 USD are left" in said.json()["error"]["message"]
    assert said.json()["error"]["amount_micro"] == DUST
    assert Person.objects.get(pk=worker.person_id).is_active
    assert (balance(available_of(worker.pk), "USD"), fund(settings)) == (DUST, 0)
    assert close(client, give_away=True).status_code == 204
    assert not Person.objects.get(pk=worker.person_id).is_active
    assert (balance(available_of(worker.pk), "USD"), fund(settings)) == (0, DUST)
    assert AuditEntry.objects.get(action="payouts.give_away").detail == {
        "amount_micro": DUST,
        "to": settings.DONATIONS_TO,
    }
    assert client.get("/api/v1/me").status_code in (401, 403)
    assert findings() == []


def test_the_same_on_the_page_in_both_languages(settings):
    for language, words in (("en", "I give them to"), ("zu", "Ngikunikela ku-")):
        worker = make_worker(DUST)
        client = sign_in(Client(), worker.person)
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
        assert words in client.get("/console/account/").text
        assert client.post("/console/account/", {"confirm": "erase"}).status_code == 400
        assert client.post("/console/account/", {"confirm": "erase", "give_away": "on"}).status_code == 302
        assert not Person.objects.get(pk=worker.person_id).is_active


def test_what_can_be_paid_out_is_hers_to_take_whatever_she_ticks(settings):
    worker = make_worker(100_000)
    said = close(sign_in(Client(), worker.person), give_away=True)
    assert (said.status_code, said.json()["error"]["code"]) == (400, "money_left")
    assert (balance(available_of(worker.pk), "USD"), fund(settings)) == (100_000, 0)


def test_after_the_payout_what_is_below_a_cent_is_dust(rail, settings):
    worker = make_worker(1_234_567)
    client = sign_in(Client(), worker.person)
    payout = send_order(request_payout(worker, uuid.uuid4(), None, PHONE))
    said = close(client, give_away=True)
    assert said.json()["error"]["code"] == "money_on_the_way"
    sweep_unknown(timezone.now() + timedelta(days=1))
    payout.refresh_from_db()
    assert (payout.state, balance(available_of(worker.pk), "USD")) == ("paid", 4_567)
    assert close(client, give_away=True).status_code == 204
    assert fund(settings) == 4_567


def test_a_payout_that_waits_is_told_with_its_date(settings):
    settings.PAYOUT_FIRST_WAIT_S = 86_400
    worker = make_worker(100_000)
    payout = request_payout(worker, uuid.uuid4(), None, PHONE)
    said = close(sign_in(Client(), worker.person), give_away=True).json()["error"]
    assert (said["code"], f"{payout.not_before:%Y-%m-%d %H:%M}" in said["message"]) == ("money_on_the_way", True)
    assert "call it back" in said["message"]


def test_pending_money_is_told_with_its_date():
    world = opened(sentiment_world(workers=1))
    worker = world.workers[0]
    [lent] = draw_work(worker, get_open_batch_for(worker, world.batch.pk), 1)
    accept_answers(worker, [answer_to(lent, {"label": "good"})])
    said = close(sign_in(Client(), worker.person), give_away=True).json()["error"]
    by = timezone.now() + timedelta(hours=25)
    assert (said["code"], f"{by:%Y-%m-%d}" in said["message"]) == ("money_pending", True)


def test_nothing_is_closed_by_a_slip(settings):
    worker = make_worker(DUST)
    client = sign_in(Client(), worker.person)
    before = Transfer.objects.count()
    for body in ({}, {"confirm": "yes"}, {"confirm": "erase", "give_away": "yes"}, {"confirm": "erase", "x": 1}):
        assert client.post("/api/v1/me/close", json.dumps(body), content_type="application/json").status_code == 400
    assert Person.objects.get(pk=worker.person_id).is_active
    assert (Transfer.objects.count(), fund(settings)) == (before, 0)
