"""Rate limits: the one too many is 429 with the seconds to wait, the next window opens again, and Redis away opens the door."""

import logging

import pytest
import redis
from django.test import Client

from api import throttles
from people.actions.make_token import make_token
from tests.worlds import make_worker

pytestmark = pytest.mark.django_db
MINUTE_S = 1_767_000_000 // 60 * 60


@pytest.fixture
def clock(monkeypatch, settings):
    """Two calls a minute, three from an address that nobody has signed in at, on a clock that stands still."""
    settings.THROTTLE_RATES = {"person": "2/min", "address": "3/min", "code": "5/hour"}
    forget_counts(throttles._redis())
    now = [MINUTE_S + 20.0]
    monkeypatch.setattr(throttles.time, "time", lambda: now[0])
    return now


def forget_counts(connected: redis.Redis) -> None:
    for key in connected.scan_iter("throttle:*"):
        connected.delete(key)


def client_of(worker) -> Client:
    return Client(headers={"Authorization": f"Bearer {make_token(worker.person, 'test', ['work'])[1]}"})


def statuses(client: Client, n: int) -> list[int]:
    return [client.get("/api/v1/work/batches").status_code for _ in range(n)]


def test_the_one_too_many_is_told_when_to_come_back(clock):
    client, other = client_of(make_worker("ayanda")), client_of(make_worker("busi"))
    assert statuses(client, 2) == [200, 200]
    refused = client.get("/api/v1/work/batches")
    assert (refused.status_code, refused["Retry-After"]) == (429, "40")
    assert refused.json()["error"] == {
        "code": "too_many_requests",
        "field": "",
        "message": "Too many requests: try again in 41 seconds.",
    }
    assert statuses(other, 2) == [200, 200]  # each for herself
    clock[0] += 39.9
    assert statuses(client, 1) == [429]
    clock[0] += 0.2
    assert statuses(client, 3) == [200, 200, 429]


def test_who_is_turned_away_stands_in_the_log_once_a_window(clock, caplog):
    worker = make_worker("dudu")
    assert statuses(client_of(worker), 9).count(429) == 7
    lines = [one.getMessage() for one in caplog.records if "too many requests" in one.getMessage()]
    assert lines == [f"too many requests in a window: person {worker.person_id}"]


def test_her_tokens_and_her_session_count_together(clock):
    worker = make_worker("cebo")
    one, two, session = client_of(worker), client_of(worker), Client()
    session.force_login(worker.person)
    assert [statuses(client, 1) for client in (one, two, session)] == [[200], [200], [429]]


def test_strangers_are_counted_by_their_address(clock):
    guessing = Client(headers={"Authorization": "Bearer ilm_a-guess"})
    assert statuses(Client(), 2) + statuses(guessing, 2) == [401, 401, 401, 429]
    refused = guessing.get("/api/v1/work/batches")
    assert (refused.status_code, refused["Retry-After"]) == (429, "40")
    assert statuses(Client(REMOTE_ADDR="192.0.2.7"), 1) == [401]
    assert statuses(client_of(make_worker("elihle")), 1) == [200]  # at the same address, but known


def test_a_stranger_who_writes_another_address_into_a_header_is_counted_all_the_same(clock):
    clients = [Client(headers={"X-Forwarded-For": f"203.0.113.{n}"}) for n in range(5)]
    assert [statuses(client, 1) for client in clients] == [[401]] * 3 + [[429]] * 2


def test_a_neighbour_in_the_same_ipv6_network_is_the_same_stranger(clock):
    clients = [Client(REMOTE_ADDR=f"2001:db8:1:2::{n}") for n in range(5)]
    assert [statuses(client, 1) for client in clients] == [[401]] * 3 + [[429]] * 2
    assert statuses(Client(REMOTE_ADDR="2001:db8:1:3::1"), 1) == [401]


def test_without_redis_each_process_counts_for_itself_and_the_log_says_so(clock, monkeypatch, caplog):
    away = redis.Redis.from_url("redis://127.0.0.1:1/0", socket_connect_timeout=1)
    monkeypatch.setattr(throttles, "_redis", lambda: away)
    with caplog.at_level(logging.WARNING):
        client, other = client_of(make_worker("dudu")), client_of(make_worker("esihle"))
        assert statuses(client, 3) == [200, 200, 429]
        assert statuses(other, 2) == [200, 200]
        clock[0] += 40
        assert statuses(client, 1) == [200]  # the next window
    assert "each process counts requests for itself: Redis does not answer" in caplog.text
