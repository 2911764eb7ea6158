"""A wage counts all her time: reading how it is done and tasks that she gave back, within what has passed on the server's clock."""

import uuid
from datetime import timedelta

import pytest
from django.test import Client

from labelling.batches import pay
from labelling.models import Lease, TimeBesides
from labelling.work.accept_answers import accept_answers
from labelling.work.draw_work import draw_work
from ledger import clock
from people.models import Person
from tests.worlds import answer_to, make_worker, opened, sentiment_world

pytestmark = pytest.mark.django_db
MINUTE_MS = 60_000


def world_and_phone(minutes_ago: int, *, recorded: bool = False):
    """A worker who came so long ago and drew four tasks then."""
    world = opened(sentiment_world(items=4, workers=0))
    worker = make_worker(f"w-{world.organisation.pk}", recorded=recorded)
    lent = draw_work(worker, world.batch, 4)
    began = clock.now() - timedelta(minutes=minutes_ago)
    Person.objects.filter(pk=worker.person_id).update(created_at=began)
    Lease.objects.filter(worker=worker).update(drawn_at=began)
    phone = Client()
    phone.force_login(Person.objects.get(pk=worker.person_id))
    return world, worker, lent, phone


def sent(phone: Client, path: str, **body) -> None:
    reply = phone.post(f"/api/v1/work/{path}", body, content_type="application/json")
    assert (reply.status_code, reply.json()) == (200, {"ok": True})


def read(phone: Client, world, ms: int, **more) -> None:
    sent(phone, "reading", **{"id": str(uuid.uuid4()), "batch": world.batch.pk, "active_ms": ms, **more})


def test_reading_and_what_she_gave_back_are_time_of_hers_in_every_wage():
    world, worker, lent, phone = world_and_phone(60)
    read(phone, world, 4 * MINUTE_MS)
    sent(phone, "skip", lease=lent[0].lease, active_ms=2 * MINUTE_MS)
    sent(phone, "report", lease=lent[1].lease, reason="broken", active_ms=MINUTE_MS)
    accept_answers(worker, [answer_to(one, {"label": "good"}, active_ms=3 * MINUTE_MS) for one in lent[2:]])
    told = phone.get("/api/v1/work/scores").json()
    [project], [day], [kind] = told["results"], told["days"], told["kinds"]
    wage = pay.wage_micro_per_hour(2 * 10_000, 13 * MINUTE_MS)
    for row in (project, day, kind):
        assert (row["answers"], row["active_ms"]) == (2, 13 * MINUTE_MS)
        assert (row["reading_ms"], row["returned_ms"]) == (4 * MINUTE_MS, 3 * MINUTE_MS)
        assert row["wage_micro_per_hour"] == wage
    assert phone.get("/api/v1/me").json()["worker"]["wage_micro_per_hour"] == wage


def test_a_phone_is_believed_no_further_than_the_clock_of_the_server():
    """She came ten minutes ago: an hour of reading and an hour for each task are ten minutes, whatever she claims first."""
    world, worker, lent, phone = world_and_phone(10)
    read(phone, world, 60 * MINUTE_MS)
    sent(phone, "skip", lease=lent[0].lease, active_ms=60 * MINUTE_MS)
    accept_answers(worker, [answer_to(one, {"label": "good"}, active_ms=60 * MINUTE_MS) for one in lent[1:]])
    [row] = phone.get("/api/v1/work/scores").json()["results"]
    assert 9 * MINUTE_MS < row["active_ms"] < 11 * MINUTE_MS


def test_reading_takes_no_time_from_answers_of_hours_without_a_signal():
    """Six hours ago she came and drew; what she read comes first, then four answers of fifty minutes each."""
    world, worker, lent, phone = world_and_phone(360)
    read(phone, world, 5 * MINUTE_MS)
    accept_answers(worker, [answer_to(one, {"label": "good"}, active_ms=50 * MINUTE_MS) for one in lent])
    [row] = phone.get("/api/v1/work/scores").json()["results"]
    assert row["active_ms"] == 205 * MINUTE_MS


def test_what_comes_twice_counts_once():
    world, _, lent, phone = world_and_phone(60)
    for _ in range(2):
        read(phone, world, MINUTE_MS, id="00000000-0000-4000-8000-000000000001")
        sent(phone, "skip", lease=lent[0].lease, active_ms=MINUTE_MS)
    assert sorted(TimeBesides.objects.values_list("kind", "ms")) == [("reading", MINUTE_MS), ("returned", MINUTE_MS)]


def test_a_batch_that_she_may_not_see_has_no_time():
    _, _, _, phone = world_and_phone(60)
    hidden = sentiment_world(workers=0)
    opened(hidden)
    type(hidden.batch).objects.filter(pk=hidden.batch.pk).update(state="closed")
    body = {"id": str(uuid.uuid4()), "batch": hidden.batch.pk, "active_ms": 5}
    assert phone.post("/api/v1/work/reading", body, content_type="application/json").status_code == 404
    assert not TimeBesides.objects.exists()
