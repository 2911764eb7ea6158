"""A requester sees how her webhooks fare: which rest after a failure, what the receiver said, when it is tried again."""

import json
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from delivery import webhooks
from delivery.models import WebhookEndpoint
from people.actions.make_token import make_token
from tests.worlds import sentiment_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(client):
    world = sentiment_world(items=1)
    client.force_login(world.requester)
    return world


@pytest.fixture
def endpoint(world) -> WebhookEndpoint:
    url, secret = "https://receiver.example/hook", "whsec_" + "QUJD" * 8
    return WebhookEndpoint.objects.create(organisation_id=world.organisation.pk, url=url, secret=secret)


def send(monkeypatch, outcome) -> None:
    """One message goes out; the receiver answers with a status, or not at all."""

    def receiver(url, headers, body):
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    monkeypatch.setattr(webhooks, "import_string", lambda name: receiver)
    webhooks.send_due()


def page(client) -> str:
    return client.get(reverse("console:webhooks")).content.decode()


def test_a_failing_receiver_is_shown_with_its_answer_until_it_takes_one(client, world, endpoint, monkeypatch):
    webhooks.queue("item.decided", world.organisation.pk, {"item": 1})
    assert "active" in page(client)
    send(monkeypatch, 503)
    endpoint.refresh_from_db()
    failing = page(client)
    assert "resting" in failing
    assert "active" not in failing
    assert "It answered 503." in failing
    assert f"It is tried again at {endpoint.rests_until:%H:%M:%S}." in failing

    awake(endpoint)
    assert "resting" not in page(client)
    assert "It answered 503." in page(client)  # it is not well yet
    send(monkeypatch, OSError("no route to host"))
    assert "OSError: no route to host" in page(client)
    awake(endpoint)
    send(monkeypatch, 204)
    well = page(client)
    assert "active" in well
    assert "It answered" not in well


def awake(endpoint: WebhookEndpoint) -> None:
    past = timezone.now() - timedelta(seconds=1)
    WebhookEndpoint.objects.update(rests_until=past)
    endpoint.deliveries.update(next_attempt_at=past)


def test_programs_are_told_too(client, world, endpoint, monkeypatch):
    bearer = {"Authorization": f"Bearer {make_token(world.requester, 'test', ['projects'])[1]}"}

    def shown() -> dict:
        return client.get("/api/v1/webhooks", headers=bearer).json()["results"][0]

    assert (shown()["failures"], shown()["rests_until"]) == (0, None)
    webhooks.queue("item.decided", world.organisation.pk, {"item": 1})
    send(monkeypatch, 500)
    endpoint.refresh_from_db()
    assert (shown()["failures"], shown()["rests_until"]) == (1, endpoint.rests_until.isoformat())


def tried(monkeypatch, outcome) -> list:
    """What a receiver that behaves so was sent."""
    sent = []

    def receiver(url, headers, body):
        sent.append((url, headers, json.loads(body)))
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    monkeypatch.setattr(webhooks, "import_string", lambda name: receiver)
    cache.clear()
    return sent


@pytest.mark.parametrize(
    ("outcome", "says"),
    [
        (204, "it answered 204"),
        (500, "answered 500"),
        (TimeoutError("no answer within 10 seconds"), "gave no answer"),
    ],
)
def test_a_sample_is_sent_signed_at_once_and_its_answer_is_shown(client, world, endpoint, monkeypatch, outcome, says):
    sent = tried(monkeypatch, outcome)
    response = client.post(reverse("console:try_webhook", args=[endpoint.pk]), follow=True)
    assert says in response.content.decode()
    ((url, headers, body),) = sent
    assert (url, body["type"]) == (endpoint.url, "webhook.test")
    assert headers["webhook-signature"].startswith("v1,")
    endpoint.refresh_from_db()
    assert (endpoint.failures, endpoint.rests_until, endpoint.deliveries.count()) == (0, None, 0)


def test_a_sample_is_not_sent_twice_at_once_nor_to_what_is_disabled(client, world, endpoint, monkeypatch):
    sent = tried(monkeypatch, 200)
    api = reverse("api-webhook-try", args=[endpoint.pk])
    assert client.post(api, {}, content_type="application/json").json()["taken"] is True
    cache.set(f"webhook-try:{endpoint.pk}", True)  # another one is under way
    assert client.post(api, {}, content_type="application/json").json()["error"]["code"] == "webhook_tried"
    cache.clear()
    client.post(reverse("console:remove_webhook", args=[endpoint.pk]))
    assert client.post(api, {}, content_type="application/json").json()["error"]["code"] == "webhook_disabled"
    assert len(sent) == 1


def test_an_address_hears_only_of_what_was_chosen(client, world):
    chosen = {"url": "https://8.8.8.8/hook", "organisation": world.organisation.pk, "events": ["label.answered"]}
    assert client.post(reverse("console:webhooks"), chosen).status_code == 200
    made = WebhookEndpoint.objects.get(organisation_id=world.organisation.pk)
    assert made.events == ["label.answered"]
    assert webhooks.queue("item.decided", world.organisation.pk, {}) == 0
    assert webhooks.queue("label.answered", world.organisation.pk, {}) == 1
    bad = client.post(reverse("api-webhooks"), {**chosen, "events": ["all"]}, content_type="application/json")
    assert bad.json()["error"]["field"] == "events"
