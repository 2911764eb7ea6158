"""Celery wakes, beat finds; a broker that is away costs time, never money."""

import uuid

import pytest
from celery import current_app
from django.utils import timezone
from kombu.exceptions import OperationalError

from payouts.actions import sweep
from payouts.actions.request_payout import request_payout
from payouts.enqueue import enqueue
from payouts.models import Deposit, Payout, ProviderEvent
from payouts.tasks import advance_order, send_due_payouts, sweep_unknown
from tests.payouts.conftest import make_worker
from tests.roles import as_owner

pytestmark = pytest.mark.django_db


def test_a_request_wakes_its_sending_after_the_commit(settings, monkeypatch, django_capture_on_commit_callbacks):
    settings.WAKE_IN_TESTS = True
    woken = []
    monkeypatch.setattr(current_app, "send_task", lambda name, arguments, **options: woken.append((name, arguments)))
    with django_capture_on_commit_callbacks(execute=True):
        payout = request_payout(make_worker(), uuid.uuid4(), 2_000_000, "+27821234567")
        assert woken == []
    assert woken == [("payouts.tasks.advance_order", ["payout", str(payout.pk)])]


def test_a_broker_that_is_away_is_logged_and_nothing_else(settings, monkeypatch, caplog):
    settings.WAKE_IN_TESTS = True

    def away(*_, **__):
        raise OperationalError("no broker")

    monkeypatch.setattr(current_app, "send_task", away)
    enqueue("payout", uuid.UUID(int=7))
    assert "00000007 was not woken, beat will: no broker" in caplog.text


def test_beats_two_tasks_bring_a_payout_home(own_rail):
    payout = request_payout(make_worker(), uuid.uuid4(), 2_000_000, "+27821234567")
    assert send_due_payouts() == 1
    assert sweep_unknown() == 0
    Payout.objects.update(next_try_at=timezone.now())
    assert sweep_unknown() == 1
    payout.refresh_from_db()
    assert payout.state == "paid"
    assert advance_order("payout", str(payout.pk)) == "paid"


def test_an_order_that_cannot_be_worked_on_does_not_hold_up_the_others(own_rail, caplog):
    worker = make_worker()
    bad, good = (request_payout(worker, uuid.uuid4(), 2_000_000, "+27821234567") for _ in range(2))
    with as_owner():
        Payout.objects.filter(pk=bad.pk).update(destination_sealed=b"not sealed by us")
    assert sweep.send_due() == 2
    good.refresh_from_db()
    bad.refresh_from_db()
    assert (good.state, bad.state) == ("sent", "sent")
    assert f"rail order {bad.reference} could not be worked on" in caplog.text
    assert bad.next_try_at > timezone.now()


def test_rows_explain_themselves():
    assert str(Payout(reference="ILM1", state="sent")) == "ILM1 sent"
    assert str(Deposit(reference="ILM2", state="paid")) == "ILM2 paid"
    assert str(ProviderEvent(provider="simulated", sha256="ab" * 32)) == "simulated abababababab"
