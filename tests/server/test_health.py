"""/health is one word for everybody, names what is missing to who runs this, and costs next to nothing however many ask."""

import threading

import pytest
from celery.app.control import Control
from django.core.cache import cache
from django.core.files.storage import default_storage
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test import Client

from people.models import Person
from server import health as health_page
from server import hearts

pytestmark = pytest.mark.django_db
NOWHERE = {
    "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "redis://:s3cret@127.0.0.1:1/0"}
}
HEARTS = ("heart:beat", *(f"heart:queue:{queue}" for queue in hearts.queues()))


@pytest.fixture(autouse=True)
def _looked_at_anew(settings, monkeypatch):
    settings.CHAIN_RPC_URL, settings.METRICS_TOKEN = "", "of-the-operator"
    monkeypatch.setattr(health_page, "looked", health_page.Looked())
    cache.delete_many([health_page.KEPT, *HEARTS])


def everybody_lives() -> None:
    cache.set_many(dict.fromkeys(HEARTS, 1), 60)


def in_full(client) -> dict:
    return client.get("/health", headers={"Authorization": "Bearer of-the-operator"}).json()


def test_one_word_for_everybody_and_all_for_the_operator(client):
    everybody_lives()
    reply = client.get("/health")
    assert (reply.status_code, reply.json(), reply["Cache-Control"]) == (200, {"ok": True}, "no-store")
    queues = [f"queue {queue}" for queue in hearts.queues()]
    assert in_full(client) == {
        "ok": True,
        "missing": {},
        "checked": sorted(["beat", "database", *queues, "redis", "storage"]),
    }
    client.force_login(Person.objects.create_user(email="admin@example.org", is_staff=True))
    assert "checked" in client.get("/health").json()
    client.force_login(Person.objects.create_user(email="worker@example.org"))
    assert client.get("/health").json() == {"ok": True}


def test_each_part_that_is_away_is_named_without_saying_where_it_is(client, settings, caplog):
    settings.CACHES, settings.CHAIN_RPC_URL = NOWHERE, "http://127.0.0.1:1"
    reply = client.get("/health", headers={"Authorization": "Bearer of-the-operator"})
    assert (reply.status_code, sorted(set(reply.json()["missing"]) - {"beat"})) == (
        503,
        ["chain", *(f"queue {queue}" for queue in hearts.queues()), "redis"],
    )
    for secret in ("s3cret", "127.0.0.1", "Error"):
        assert secret not in reply.content.decode()
    assert "health: chain: URLError" in caplog.text
    assert client.get("/health").json() == {"ok": False}


def test_a_worker_and_a_beat_not_heard_of_are_missing(client):
    missing = in_full(client)["missing"]
    assert "start it" in missing["beat"]
    assert set(missing) == {"beat", *(f"queue {queue}" for queue in hearts.queues())}


def test_a_storage_that_is_not_there_is_missing(client, monkeypatch):
    everybody_lives()

    def away() -> None:
        raise health_page.Missing("The bucket is not there: create it.")

    monkeypatch.setattr(default_storage, "check", away, raising=False)
    assert in_full(client)["missing"] == {"storage": "The bucket is not there: create it."}


def test_a_thousand_that_ask_cost_one_look_no_broadcast_and_no_statement(
    client, django_assert_num_queries, monkeypatch
):
    monkeypatch.setattr(health_page, "KEPT_S", 600)  # however slow this machine is just now
    looks, asked = [], []
    look = health_page._look
    monkeypatch.setattr(health_page, "_look", lambda: looks.append(1) or look())
    monkeypatch.setattr(Control, "broadcast", lambda *_, **__: asked.append(1))
    everybody_lives()
    with django_assert_num_queries(1):  # the look at the database
        for _ in range(1000):
            assert client.get("/health").status_code == 200
    assert (len(looks), asked) == (1, [])
    monkeypatch.setattr(health_page, "looked", health_page.Looked())  # another process
    with django_assert_num_queries(0):
        assert client.get("/health").status_code == 200
    assert len(looks) == 1


def test_while_one_looks_the_others_are_told_what_was_known(monkeypatch):
    looked, slow, begun = health_page.Looked(), threading.Event(), threading.Event()
    monkeypatch.setattr(health_page, "_kept", lambda: None)
    monkeypatch.setattr(health_page, "_look", lambda: {"ok": True})
    assert looked.found() == {"ok": True}

    def hanging():
        begun.set()
        slow.wait(10)
        return {"ok": False}

    monkeypatch.setattr(health_page, "_look", hanging)
    looked._until_s = 0.0
    thread = threading.Thread(target=looked.found)
    thread.start()
    assert begun.wait(10)
    assert looked.found() == {"ok": True}  # at once
    slow.set()
    thread.join()
    assert looked.found() == {"ok": False}


# --- probes -----------------------------------------------------------------------------------------------------------
def probe(path: str, **extra) -> tuple[int, dict]:
    reply = Client(HTTP_HOST="10.0.0.5", **extra).get(path)  # a machine's own address, which is no host of ours
    return reply.status_code, reply.json() if reply["Content-Type"] == "application/json" else {}


def test_probes_come_by_any_address_and_by_plain_http(settings):
    settings.ALLOWED_HOSTS, settings.SECURE_SSL_REDIRECT = ["ilima.example"], True
    assert probe("/live") == probe("/ready") == (200, {"ok": True})
    assert probe("/metrics")[0] == 400  # control: everything else is for our host, and for https
    assert Client(HTTP_HOST="ilima.example").get("/metrics").status_code == 301
    assert probe("/health")[0] in (200, 503)


def test_live_asks_nobody_and_ready_only_the_database(django_assert_num_queries, settings):
    settings.CACHES = NOWHERE
    with django_assert_num_queries(0):
        assert probe("/live")[0] == 200
    with django_assert_num_queries(1):
        assert probe("/ready")[0] == 200


def test_without_the_database_it_lives_and_is_not_ready(monkeypatch, caplog):
    from django.db import OperationalError

    def away(self, *_):
        raise OperationalError("gone")

    monkeypatch.setattr(BaseDatabaseWrapper, "cursor", away)
    monkeypatch.setattr(connection, "close", lambda: None)
    assert probe("/live")[0] == 200
    assert probe("/ready") == (503, {"ok": False})
    assert "not ready: gone" in caplog.text
