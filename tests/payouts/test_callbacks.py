"""A callback is a hint: whatever arrives, in whatever order, exactly one effect follows from what the rail itself says."""

import hashlib
import hmac
import json
import time
import uuid

import pytest
from django.core.cache import cache
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ledger.models import Transfer
from payouts.actions.request_payout import request_payout
from payouts.actions.send_order import send_order
from payouts.models import Payout, ProviderEvent
from payouts.providers.base import BadCallback
from payouts.providers.simulated import check_signature
from payouts.simulated_rail.callbacks import sign
from payouts.tasks import advance_order
from tests.payouts.conftest import SECRET, make_worker

pytestmark = [pytest.mark.django_db, pytest.mark.urls("payouts.urls")]
URL = "/rails/simulated/callback"
PAID_NUMBER, NEVER_NUMBER = "+27821234567", "+9990007"


@pytest.fixture(autouse=True)
def _a_minute_of_its_own():
    """Refused callbacks are counted by address and minute, and all tests come from one address."""
    cache.clear()


@pytest.fixture(autouse=True)
def _at_once(monkeypatch):
    """What a callback wakes is done at once, instead of by a Celery worker."""
    monkeypatch.setattr("payouts.actions.handle_callback.enqueue", lambda kind, pk: advance_order(kind, str(pk)))


def sent(phone=PAID_NUMBER, worker=None):
    payout = request_payout(worker or make_worker(), uuid.uuid4(), 2_000_000, phone)
    return send_order(payout)


def tell(client, capture, body, signature=None, at_s=None):
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    signature = signature or sign(SECRET, at_s or int(time.time()), raw)
    with capture(execute=True):
        return client.post(
            URL, raw, content_type="application/json", headers={"X-Rail-Signature": signature}
        ).status_code


def test_a_genuine_callback_is_kept_and_the_rail_is_asked(client, rail, django_capture_on_commit_callbacks):
    payout = sent()
    body = {"reference": payout.reference, "status": "paid", "amount_micro": 2_000_000}
    assert tell(client, django_capture_on_commit_callbacks, body) == 204
    payout.refresh_from_db()
    assert (payout.state, payout.moved_micro) == ("paid", 2_000_000)
    event = ProviderEvent.objects.get()
    assert json.loads(bytes(event.raw)) == body


def test_a_callback_that_lies_changes_nothing_that_the_rail_does_not_say(
    client, rail, django_capture_on_commit_callbacks
):
    payout = sent(NEVER_NUMBER)
    for status in ("paid", "failed", "reversed"):
        assert (
            tell(client, django_capture_on_commit_callbacks, {"reference": payout.reference, "status": status}) == 204
        )
    payout.refresh_from_db()
    assert payout.state == "sent"
    assert not Transfer.objects.filter(kind__in=["payout paid", "payout failed"]).exists()


@pytest.mark.parametrize("what", ["forged", "stale", "from the future", "unsigned", "garbled"])
def test_what_is_not_genuine_is_refused_and_kept_nowhere(client, rail, django_capture_on_commit_callbacks, what):
    payout = sent()
    body = {"reference": payout.reference, "status": "paid"}
    raw, now = json.dumps(body).encode(), int(time.time())
    signature = {
        "forged": sign("another secret", now, raw),
        "stale": sign(SECRET, now - 301, raw),
        "from the future": sign(SECRET, now + 400, raw),
        "unsigned": "nothing",
        "garbled": f"t={now},v1=\u00e9",
    }[what]
    assert tell(client, django_capture_on_commit_callbacks, body, signature) == 403
    payout.refresh_from_db()
    assert payout.state == "sent"
    assert not ProviderEvent.objects.exists()


@pytest.mark.parametrize("at", ["abc", "", "٣", "9" * 400, "-1", "1e9"])
def test_a_signed_callback_without_a_time_is_refused(client, rail, django_capture_on_commit_callbacks, at):
    """The rail's own secret, and no time: int() of it was a fault of ours, 500."""
    raw = json.dumps({"reference": "x"}).encode()
    mac = hmac.new(SECRET.encode(), f"{at}.".encode() + raw, hashlib.sha256).hexdigest()
    assert tell(client, django_capture_on_commit_callbacks, raw, f"t={at},v1={mac}") == 403
    assert not ProviderEvent.objects.exists()


@pytest.mark.parametrize(
    "reference", ["a\u0000b", "\ud800", "x" * 41, "", 7, None, ["x"], {"a": 1}], ids=lambda value: repr(value)[:12]
)
def test_a_signed_callback_whose_reference_is_none_is_refused(
    client, rail, django_capture_on_commit_callbacks, reference
):
    assert tell(client, django_capture_on_commit_callbacks, {"reference": reference}) == 403
    assert not ProviderEvent.objects.exists()


def test_a_stranger_costs_no_row_and_soon_no_line_of_the_log(client, rail, caplog, noon):
    """300 in a few seconds were 4.8 MB of rows. At noon: so many are heard in each minute, and none ends in the middle."""
    said = [
        client.post(
            URL, b"{%d}" % n, content_type="application/json", headers={"X-Rail-Signature": "t=1,v1=0"}
        ).status_code
        for n in range(300)
    ]
    assert said == [403] * 30 + [429] * 270
    assert not ProviderEvent.objects.exists()
    assert len([line for line in caplog.messages if "callback was refused" in line]) == 30


def test_the_rail_is_heard_from_an_address_that_strangers_use(client, rail, django_capture_on_commit_callbacks):
    for _ in range(40):
        client.post(URL, b"{}", content_type="application/json")
    body = {"reference": sent().reference, "status": "paid"}
    assert tell(client, django_capture_on_commit_callbacks, body) == 204


@pytest.mark.parametrize("raw", [b"[" * 9000, b"", b"[]", b"{}", b"\xff", b'{"reference": "someone elses"}'])
def test_a_signed_callback_about_nothing_of_ours_does_no_harm(client, rail, django_capture_on_commit_callbacks, raw):
    before = Transfer.objects.count()
    assert tell(client, django_capture_on_commit_callbacks, raw) in (204, 403)
    assert Transfer.objects.count() == before


def test_the_door_knows_its_rails_its_method_and_its_size(client, rail):
    assert client.post("/rails/pigeon/callback", b"{}", content_type="application/json").status_code == 404
    assert client.get(URL).status_code == 405
    assert client.post(URL, b"x" * 16_385, content_type="application/json").status_code == 413
    assert not ProviderEvent.objects.exists()


def test_a_signature_is_over_the_time_and_the_bytes():
    raw, now = b'{"a": 1}', 1_700_000_000
    check_signature(SECRET, sign(SECRET, now, raw), raw, now + 299)
    for wrong in (
        sign(SECRET, now, raw + b" "),
        sign(SECRET, now, raw).replace(f"t={now}", f"t={now + 1}"),
        "t=,v1=",
        "v1",
    ):
        with pytest.raises(BadCallback):
            check_signature(SECRET, wrong, raw, now)
    with pytest.raises(BadCallback, match="five minutes"):
        check_signature(SECRET, sign(SECRET, now, raw), raw, now + 301)


KINDS = ["genuine"] * 5 + ["forged", "stale", "says failed", "says reversed"]


@given(order=st.permutations(KINDS), send_at=st.integers(0, len(KINDS)))
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
def test_any_order_of_any_callbacks_has_exactly_one_effect(
    client, rail, django_capture_on_commit_callbacks, order, send_at
):
    savepoint = transaction.savepoint()
    payout = request_payout(make_worker(), uuid.uuid4(), 2_000_000, PAID_NUMBER)
    before = Transfer.objects.count()
    for place, kind in enumerate([*order, "end"]):
        if place == send_at:
            send_order(payout)
        status = {"says failed": "failed", "says reversed": "reversed"}.get(kind, "paid")
        body = {"reference": payout.reference, "status": status}
        secret = "another" if kind == "forged" else SECRET
        raw, at_s = json.dumps(body).encode(), int(time.time()) - (400 if kind == "stale" else 0)
        if kind != "end":
            tell(client, django_capture_on_commit_callbacks, raw, sign(secret, at_s, raw))
    assert Payout.objects.get(pk=payout.pk).state == "paid"
    assert rail.paid_times(payout.reference) == 1
    assert Transfer.objects.count() - before == 1
    transaction.savepoint_rollback(savepoint)
