"""A Redis that is stopped, not dead, costs one wait and not one for every answer."""

import math
import os
import signal
import statistics
import time
import uuid
from contextlib import contextmanager, nullcontext

import psutil
import pytest
from celery import current_app
from django.core.cache import caches
from django.test import Client

from api import throttles
from delivery import breaker, cache, enqueue
from people.actions.make_token import make_token
from server.embedded import Valkey
from tests.worlds import answer_to, opened, sentiment_world

pytestmark = pytest.mark.django_db
ANSWERS = 20


@pytest.fixture
def valkey(tmp_path, settings, monkeypatch):
    """One of our own for cache, limits and broker, that may be stopped."""
    server = Valkey(tmp_path)
    server.start()
    settings.REDIS_URL, settings.WAKE_IN_TESTS = server.url(), True
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": server.url()}}
    monkeypatch.setattr(current_app.conf, "broker_write_url", server.broker_url(), raising=False)
    throttles._redis.cache_clear()
    yield server
    server.process.send_signal(signal.SIGCONT)
    server.stop()
    throttles._redis.cache_clear()


@contextmanager
def stopped(server):
    """SIGSTOP, seen to have been taken."""
    process = psutil.Process(server.process.pid)
    process.suspend()
    while process.status() != psutil.STATUS_STOPPED:
        os.sched_yield()
    yield
    process.resume()


class Lent:
    def __init__(self, lease: str):
        self.lease = lease


class Phone:
    def __init__(self):
        self.world = opened(sentiment_world(items=3 * ANSWERS, workers=1))
        secret = make_token(self.world.workers[0].person, "test", ["work"])[1]
        self.client = Client(headers={"Authorization": f"Bearer {secret}"})

    def draw(self) -> list[str]:
        body = {"batch": self.world.batch.pk, "n": ANSWERS, "id": str(uuid.uuid4())}
        reply = self.client.post("/api/v1/work/draw", body, content_type="application/json")
        return [lease["lease"] for lease in reply.json()["leases"]]

    def answer(self, lease: str, monkeypatch) -> float:
        """Seconds that it took. Every answer wakes the drain: the worst case."""
        monkeypatch.setattr(enqueue, "_woken_s", float("-inf"))
        body = {"answers": [answer_to(Lent(lease), {"label": "good"})]}
        began = time.monotonic()
        reply = self.client.post("/api/v1/work/answers", body, content_type="application/json")
        assert reply.json()["results"][0]["status"] == "accepted"
        return time.monotonic() - began


def p95(took: list[float]) -> float:
    return sorted(took)[math.ceil(0.95 * len(took)) - 1]


@pytest.fixture
def commits(monkeypatch):
    """What waits for the commit runs, as it does in life."""
    from delivery import outbox
    from labelling.work import accept_answers

    monkeypatch.setattr(outbox.transaction, "on_commit", lambda do, **_: do())
    monkeypatch.setattr(accept_answers.transaction, "on_commit", lambda do, **_: do())


def test_only_the_first_answer_waits_and_p95_keeps_its_bar(valkey, commits, monkeypatch):
    phone = Phone()
    leases = phone.draw()
    with stopped(valkey):
        took = [phone.answer(lease, monkeypatch) for lease in leases]
    assert len(took) == ANSWERS
    assert breaker.PATIENCE_S <= took[0] < 0.5
    assert max(took[1:]) < breaker.PATIENCE_S
    assert p95(took) <= 0.5


def test_control_without_the_breaker_every_answer_waits(valkey, commits, monkeypatch):
    for each in (cache.breaker, enqueue.breaker):
        monkeypatch.setattr(each, "guard", nullcontext)
    phone = Phone()
    leases = phone.draw()[:5]
    with stopped(valkey):
        took = [phone.answer(lease, monkeypatch) for lease in leases]
    assert statistics.median(took) > 2 * breaker.PATIENCE_S


def test_a_broker_alone_that_hangs_costs_one_wait_too(valkey, tmp_path, settings, commits, monkeypatch):
    other = Valkey(tmp_path / "broker")
    (tmp_path / "broker").mkdir()
    other.start()
    monkeypatch.setattr(current_app.conf, "broker_write_url", other.broker_url(), raising=False)
    phone = Phone()
    leases = phone.draw()
    phone.answer(leases[0], monkeypatch)  # a connection that is known to be good
    asked, connect = [], enqueue._connection
    monkeypatch.setattr(enqueue, "_connection", lambda: asked.append(1) or connect())
    with stopped(other):
        took = []
        for lease in leases[1:]:
            caches["default"].delete(enqueue.WOKEN)
            took.append(phone.answer(lease, monkeypatch))
    other.process.send_signal(signal.SIGCONT)
    other.stop()
    assert breaker.PATIENCE_S <= max(took) < 1
    assert statistics.median(took) < breaker.PATIENCE_S
    assert len(asked) <= 1 + sum(took) / breaker.REST_S  # the broker itself: once, and again after a rest


def test_it_is_asked_again_after_five_seconds_by_one_at_a_time(valkey, monkeypatch):
    now = [100.0]
    monkeypatch.setattr(breaker.time, "monotonic", lambda: now[0])
    one = caches["default"]
    one.set("a", 1)
    with stopped(valkey):
        with pytest.raises(Exception, match="Timeout"):
            one.get("a")
        now[0] += breaker.REST_S - 0.1
        with pytest.raises(breaker.Away):
            one.get("a")
        now[0] += 0.2
        with cache.breaker.guard(), pytest.raises(breaker.Away):  # inside one who tries, and is still at it
            one.get("a")
    assert one.get("a") == 1
