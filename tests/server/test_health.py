"""/health names what is missing, says nothing secret, and a part can be asked for alone."""

import time

import pytest
from django.core.cache import cache

pytestmark = pytest.mark.django_db
NOWHERE = {
    "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "redis://:s3cret@127.0.0.1:1/0"}
}


def test_what_is_there_is_well(client):
    reply = client.get("/health?only=database,redis")
    assert (reply.status_code, reply.json()) == (200, {"ok": True, "missing": {}, "checked": ["database", "redis"]})


def test_each_part_that_is_away_is_named(client, settings):
    settings.CACHES, settings.CHAIN_RPC_URL = NOWHERE, "http://127.0.0.1:1"
    reply = client.get("/health?only=database,redis,beat,chain")
    found = reply.json()
    assert (reply.status_code, found["ok"], sorted(found["missing"])) == (503, False, ["beat", "chain", "redis"])
    assert "s3cret" not in reply.content.decode()


def test_a_beat_that_has_not_been_heard_of_lately_is_missing(client):
    cache.set("beat:seen", time.time() - 31, 60)
    assert "start it" in client.get("/health?only=beat").json()["missing"]["beat"]
    cache.set("beat:seen", time.time(), 60)
    assert client.get("/health?only=beat").status_code == 200
    cache.delete("beat:seen")
