"""Webhooks over real sockets: a receiver on this machine that checks signatures as any receiver would."""

import base64
import hashlib
import hmac
import http.server
import json
import time
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from delivery import webhooks
from delivery.models import WebhookDelivery, WebhookEndpoint
from intake import limits, remote
from tests.local_server import running

pytestmark = pytest.mark.django_db(transaction=True)

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
TOLERANCE_S = 300


def verify(secret: str, headers, body: bytes) -> bool:
    """As the specification tells a receiver: HMAC-SHA256 over id.timestamp.body, any of the v1 signatures, a fresh timestamp."""
    if abs(time.time() - int(headers["webhook-timestamp"])) > TOLERANCE_S:
        return False
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    key = base64.b64decode(secret.split("_", 1)[1])
    right = base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()
    given = [one.split(",", 1) for one in headers["webhook-signature"].split(" ")]
    return any(version == "v1" and hmac.compare_digest(right, signature) for version, signature in given)


class Receiver(http.server.BaseHTTPRequestHandler):
    """The path says how it behaves: /200, /500, /302 ... answer so; /hang says nothing, /drip never comes to an end."""

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.got.append((self.path, self.headers, body))
        behaviour = self.path.strip("/")
        if behaviour.isdigit():
            return self._answer(int(behaviour))
        if self.server.while_hanging:
            self.server.while_hanging()
        if behaviour == "drip":
            self._drip()
        self.server.stopping.wait(30)

    def do_GET(self):
        self.server.got.append((self.path, self.headers, b""))
        self._answer(200)

    def _answer(self, status: int) -> None:
        self.send_response(status)
        if 300 <= status < 400:
            self.send_header("Location", "/200")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _drip(self):
        try:
            self.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
            while not self.server.stopping.wait(0.05):
                self.wfile.write(b"x")
        except OSError:
            return

    def log_message(self, *_):
        """Silence: what came is in `got`."""


@pytest.fixture
def receiver(monkeypatch):
    with running(Receiver, got=[], while_hanging=None) as server:
        monkeypatch.setattr(remote, "PORTS_TAKEN", remote.PORTS_TAKEN | {server.server_port})
        yield server


@pytest.fixture
def open_guard(monkeypatch):
    """This machine is no private network for once."""
    monkeypatch.setattr(remote, "is_public", lambda address: address == "127.0.0.1")


def endpoint_at(receiver, path: str, organisation_id: int = 7) -> WebhookEndpoint:
    url = f"http://127.0.0.1:{receiver.server_port}{path}"
    return WebhookEndpoint.objects.create(organisation_id=organisation_id, url=url, secret=SECRET)


def move(endpoint: WebhookEndpoint, receiver, path: str) -> None:
    """The receiver behaves in another way now, and the waits are over."""
    past = timezone.now() - timedelta(seconds=1)
    url = f"http://127.0.0.1:{receiver.server_port}{path}"
    WebhookEndpoint.objects.filter(pk=endpoint.pk).update(url=url, rests_until=past)
    WebhookDelivery.objects.filter(endpoint=endpoint).update(next_attempt_at=past)


def test_what_comes_is_signed_so_that_the_receiver_can_tell(receiver, open_guard):
    endpoint_at(receiver, "/200")
    webhooks.queue("item.decided", 7, {"item": 1, "value": {"text": "isiZulu: ubuntu, ǃkung"}})
    assert webhooks.send_due() == 1
    [(_, headers, body)] = receiver.got
    assert json.loads(body)["data"] == {"item": 1, "value": {"text": "isiZulu: ubuntu, ǃkung"}}
    assert verify(SECRET, headers, body)
    assert not verify("whsec_" + "QUJD" * 8, headers, body)  # the controls: another secret, another body, another time
    assert not verify(SECRET, headers, body.replace(b'"item":1', b'"item":2'))
    old = dict(headers.items()) | {"webhook-timestamp": str(int(headers["webhook-timestamp"]) - 1)}
    assert not verify(SECRET, old, body)
    assert WebhookDelivery.objects.get().delivered_at is not None


def test_while_a_secret_changes_both_are_right(receiver, open_guard):
    new = "whsec_" + "QUJD" * 8
    endpoint = endpoint_at(receiver, "/200")
    WebhookEndpoint.objects.filter(pk=endpoint.pk).update(secret=new, previous_secret=SECRET)
    webhooks.queue("item.decided", 7, {"item": 1})
    webhooks.send_due()
    [(_, headers, body)] = receiver.got
    assert verify(SECRET, headers, body)
    assert verify(new, headers, body)


def test_control_the_guard_lets_nothing_knock_on_this_machine(receiver):
    endpoint_at(receiver, "/200")
    webhooks.queue("item.decided", 7, {"item": 1})
    assert webhooks.send_due() == 0
    assert receiver.got == []
    delivery = WebhookDelivery.objects.get()
    assert "private network" in delivery.last_error
    assert (delivery.attempts, delivery.last_status, delivery.delivered_at) == (1, None, None)


@pytest.mark.parametrize("trouble", ["/500", "/503", "/404", "/302", "/307"])
def test_everything_but_2xx_is_sent_again_and_no_redirect_is_followed(trouble, receiver, open_guard):
    endpoint = endpoint_at(receiver, trouble)
    webhooks.queue("item.decided", 7, {"item": 1})
    before = timezone.now()
    assert webhooks.send_due() == 0
    delivery = WebhookDelivery.objects.get()
    assert delivery.last_status == int(trouble.strip("/"))
    assert timedelta(seconds=4) < delivery.next_attempt_at - before < timedelta(seconds=20)
    assert webhooks.send_due() == 0  # not before its time
    assert [path for path, _, _ in receiver.got] == [trouble]

    move(endpoint, receiver, "/204")
    assert webhooks.send_due() == 1
    (_, first, body), (_, second, again) = receiver.got
    assert (first["webhook-id"], body) == (second["webhook-id"], again)
    assert verify(SECRET, second, again)
    assert WebhookDelivery.objects.get().last_status == 204


def test_410_disables_the_endpoint(receiver, open_guard):
    endpoint = endpoint_at(receiver, "/410")
    webhooks.queue("item.decided", 7, {"item": 1})
    webhooks.queue("item.decided", 7, {"item": 2})
    assert webhooks.send_due() == 0
    endpoint.refresh_from_db()
    assert endpoint.disabled_at is not None
    move(endpoint, receiver, "/200")
    assert webhooks.send_due() == 0
    assert webhooks.queue("item.decided", 7, {"item": 3}) == 0
    assert len(receiver.got) == 1


def test_a_receiver_that_is_not_there_is_tried_again(receiver, open_guard):
    endpoint = endpoint_at(receiver, "/200")
    receiver.shutdown()
    receiver.server_close()
    webhooks.queue("item.decided", 7, {"item": 1})
    assert webhooks.send_due() == 0
    assert "ConnectionRefusedError" in WebhookDelivery.objects.get().last_error
    endpoint.refresh_from_db()
    assert endpoint.disabled_at is None


@pytest.mark.parametrize("slow", ["/hang", "/drip"])
def test_a_slow_receiver_is_given_up_and_holds_up_nothing_and_nobody(slow, receiver, open_guard, monkeypatch):
    monkeypatch.setattr(limits, "POST_S", 0.5)
    locked = []

    def look_from_outside():
        """Nothing of ours is locked while the receiver thinks."""
        with transaction.atomic():
            locked.append(len(WebhookDelivery.objects.select_for_update(nowait=True)))
            locked.append(len(WebhookEndpoint.objects.select_for_update(nowait=True)))
        connection.close()

    receiver.while_hanging = look_from_outside
    slow_one, other = endpoint_at(receiver, slow, 7), endpoint_at(receiver, "/200", 8)
    for n in range(3):
        webhooks.queue("item.decided", 7, {"item": n})
    webhooks.queue("item.decided", 8, {"item": 99})
    assert webhooks.send_due() == 1
    assert [path for path, _, _ in receiver.got] == [
        slow,
        "/200",
    ]  # one of the three cost its time, then the next endpoint
    assert locked == [4, 2]
    assert WebhookDelivery.objects.get(endpoint=other).delivered_at is not None
    first = WebhookDelivery.objects.filter(endpoint=slow_one).order_by("id").first()
    assert first.last_error == "TimeoutError: no answer within 0.5 seconds"

    receiver.while_hanging = None
    move(slow_one, receiver, "/200")
    assert webhooks.send_due() == 3
