"""A requester sees how her webhooks fare: which rest after a failure, what the receiver said, when it is tried again."""

from datetime import timedelta

import pytest
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
    assert "answered" not in well


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
