"""Webhooks: signed by the specification, sent again after a failure, ended by 410, told to the right organisation only."""

from datetime import timedelta

import pytest
from django.utils import timezone

from delivery import outbox, webhooks
from delivery.models import WebhookDelivery, WebhookEndpoint
from labelling.work.accept_answers import accept_answers
from labelling.work.draw_work import draw_work
from tests.worlds import answer_to, opened, sentiment_world

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


def test_the_signature_is_the_specifications():
    """The vector of standardwebhooks.com."""
    headers = webhooks.signed_headers(
        "msg_p5jXN8AQM9LWM0D4loKWxJek", b'{"test": 2432232314}', [SECRET], at_s=1614265330
    )
    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_two_signatures_while_a_secret_changes():
    headers = webhooks.signed_headers("m", b"{}", [SECRET, "whsec_" + "QUJD" * 8], at_s=1)
    assert len(headers["webhook-signature"].split()) == 2


class Receiver:
    """Answers with the statuses given, one after the other, and remembers what came."""

    def __init__(self, *statuses):
        self.statuses, self.got = list(statuses), []

    def __call__(self, url, headers, body):
        self.got.append((url, headers["webhook-id"], body))
        status = self.statuses.pop(0)
        if isinstance(status, Exception):
            raise status
        return status


@pytest.fixture
def endpoint(db):
    return WebhookEndpoint.objects.create(organisation_id=7, url="https://receiver.example/hook", secret=SECRET)


def due_now() -> None:
    past = timezone.now() - timedelta(seconds=1)
    WebhookDelivery.objects.update(next_attempt_at=past)
    WebhookEndpoint.objects.filter(rests_until__isnull=False).update(rests_until=past)


def send(monkeypatch, receiver) -> int:
    monkeypatch.setattr(webhooks, "import_string", lambda name: receiver)
    return webhooks.send_due()


def test_a_failed_delivery_comes_again_with_the_same_id(monkeypatch, endpoint):
    assert webhooks.queue("item.decided", 7, {"item": 1}) == 1
    receiver = Receiver(500, OSError("no route"), 204)
    for expected in (0, 0, 1):
        assert send(monkeypatch, receiver) == expected
        due_now()
    assert len({message for _, message, _ in receiver.got}) == 1
    delivery = WebhookDelivery.objects.get()
    assert (delivery.attempts, delivery.last_status) == (3, 204)
    assert send(monkeypatch, Receiver()) == 0  # delivered once is delivered


def test_an_endpoint_that_fails_rests_longer_each_time_until_it_takes_one(monkeypatch, endpoint):
    for n in range(9):
        webhooks.queue("item.decided", 7, {"item": n})
    rests_s = []
    for _ in range(9):
        before = timezone.now()
        receiver = Receiver(503)
        send(monkeypatch, receiver)
        assert len(receiver.got) == 1  # the other messages wait with it
        endpoint.refresh_from_db()
        rests_s.append(round((endpoint.rests_until - before).total_seconds()))
        due_now()
    assert rests_s == [5, 10, 20, 40, 80, 160, 320, 600, 600]
    assert send(monkeypatch, Receiver(*[204] * 9)) == 9
    endpoint.refresh_from_db()
    assert (endpoint.failures, endpoint.rests_until) == (0, None)


def test_gone_ends_it(monkeypatch, endpoint):
    webhooks.queue("item.decided", 7, {"item": 1})
    send(monkeypatch, Receiver(410))
    endpoint.refresh_from_db()
    assert endpoint.disabled_at is not None
    assert webhooks.queue("item.decided", 7, {"item": 2}) == 0


@pytest.mark.django_db
def test_a_decided_item_is_told_to_its_organisation_only():
    world = opened(sentiment_world(items=1, workers=2))
    mine = WebhookEndpoint.objects.create(
        organisation_id=world.organisation.pk, url="https://mine.example", secret=SECRET
    )
    WebhookEndpoint.objects.create(
        organisation_id=world.organisation.pk + 1000, url="https://other.example", secret=SECRET
    )
    for worker in world.workers:
        [lent] = draw_work(worker, world.batch, 1)
        accept_answers(worker, [answer_to(lent, {"label": "good"})])
        outbox.drain()
    outbox.drain()
    assert {delivery.endpoint_id for delivery in WebhookDelivery.objects.all()} == {mine.pk}
    assert '"value":{"label":"Good","label_id":"good"}' in WebhookDelivery.objects.order_by("id").first().body
