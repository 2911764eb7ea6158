"""A draw whose reply was lost in a tunnel: asked for again under its id, it gives what it lent and nothing else."""

import threading
import uuid
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from labelling.models import BatchItem, Lease
from labelling.work import draw_work as drawing
from people.actions.make_token import make_token
from tests.worlds import answer_to, make_worker, opened, sentiment_world

pytestmark = pytest.mark.django_db


class Phone:
    """One worker's calls, with a token of her own."""

    def __init__(self, worker):
        _, secret = make_token(worker.person, "test", ["work"])
        self._client = Client(headers={"Authorization": f"Bearer {secret}"})

    def post(self, path: str, body: dict):
        return self._client.post(f"/api/v1/work/{path}", body, content_type="application/json")

    def draw(self, batch, n: int, **more) -> dict[str, int]:
        """Lease -> item."""
        reply = self.post("draw", {"batch": batch.pk, "n": n, **more})
        assert reply.status_code == 200, reply.content
        return {one["lease"]: one["item"]["id"] for one in reply.json()["leases"]}


def new_id() -> str:
    return str(uuid.uuid4())


def taken() -> int:
    return sum(BatchItem.objects.values_list("taken", flat=True))


def test_the_same_id_gives_the_same_leases_and_lends_nothing_more():
    world = opened(sentiment_world(items=9, golds=3, gold_share_bps=3000))
    phone, draw_id = Phone(world.workers[0]), new_id()
    first = phone.draw(world.batch, 4, id=draw_id)
    lent = taken()
    assert len(first) == 4
    assert phone.draw(world.batch, 4, id=draw_id) == first
    assert phone.draw(world.batch, 20, id=draw_id) == first  # she may have room for more by now: that is another draw
    assert Lease.objects.count() == 4
    assert taken() == lent
    assert not first.keys() & phone.draw(world.batch, 4, id=new_id()).keys()


def test_without_an_id_a_lost_reply_costs_her_the_items():
    """The control."""
    world = opened(sentiment_world(items=4))
    phone = Phone(world.workers[0])
    lost, got = phone.draw(world.batch, 2), phone.draw(world.batch, 2)
    assert not set(lost.values()) & set(got.values())
    assert phone.draw(world.batch, 2) == {}


def test_another_workers_id_tells_nothing():
    world = opened(sentiment_world(items=4))
    draw_id, (his, hers) = new_id(), [Phone(worker) for worker in world.workers[:2]]
    first, second = his.draw(world.batch, 2, id=draw_id), hers.draw(world.batch, 3, id=draw_id)
    assert len(second) == 3
    assert not first.keys() & second.keys()
    assert (his.draw(world.batch, 2, id=draw_id), hers.draw(world.batch, 3, id=draw_id)) == (first, second)


def test_what_was_answered_or_handed_back_is_not_given_again():
    world = opened(sentiment_world(items=6))
    phone, draw_id = Phone(world.workers[0]), new_id()
    answered, skipped, reported, left = first = phone.draw(world.batch, 4, id=draw_id)
    body = answer_to(SimpleNamespace(lease=answered), {"label": "good"})
    assert phone.post("answers", {"answers": [body]}).json()["results"][0]["status"] == "accepted"
    assert phone.post("skip", {"lease": skipped}).status_code == 200
    assert phone.post("report", {"lease": reported, "reason": "unclear"}).status_code == 200
    assert phone.draw(world.batch, 4, id=draw_id) == {left: first[left]}
    assert Lease.objects.count() == 4


def test_what_ran_out_is_not_given_again_nor_replaced():
    world = opened(sentiment_world(items=6))
    phone, draw_id = Phone(world.workers[0]), new_id()
    phone.draw(world.batch, 2, id=draw_id)
    Lease.objects.update(expires_at=timezone.now())  # not swept up yet: its state is still "live"
    assert phone.draw(world.batch, 2, id=draw_id) == {}
    assert Lease.objects.count() == 2


def test_a_draw_that_lent_nothing_may_lend_when_it_is_asked_again():
    world = opened(sentiment_world(items=1, min_answers=1))
    draw_id, (first, second) = new_id(), [Phone(worker) for worker in world.workers[:2]]
    [held] = first.draw(world.batch, 1)
    assert second.draw(world.batch, 1, id=draw_id) == {}
    first.post("skip", {"lease": held})
    assert len(second.draw(world.batch, 1, id=draw_id)) == 1


def test_an_id_belongs_to_one_batch():
    one, other = (opened(sentiment_world(items=2)).batch for _ in range(2))
    phone, draw_id = Phone(make_worker("thandi")), new_id()
    phone.draw(one, 1, id=draw_id)
    reply = phone.post("draw", {"batch": other.pk, "n": 1, "id": draw_id})
    assert reply.status_code == 409
    assert reply.json()["error"] == {
        "code": "id_taken",
        "field": "id",
        "message": "This id belongs to a draw of another batch: make a new id.",
    }
    assert Lease.objects.count() == 1


@pytest.mark.parametrize("bad", ["seven", 7, None, ["a"], ""])
def test_an_id_that_is_none_is_refused(bad):
    world = opened(sentiment_world(items=1))
    reply = Phone(world.workers[0]).post("draw", {"batch": world.batch.pk, "n": 1, "id": bad})
    assert reply.status_code == 400
    assert reply.json()["error"]["field"] == "id"
    assert not Lease.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_the_same_draw_twice_at_once_lends_once(monkeypatch):
    """Both look before either has lent: the database lets one lend, and the other gets the same."""
    world = opened(sentiment_world(items=12, workers=1))
    draw_id, both, look = uuid.uuid4(), threading.Barrier(2), drawing._lent_before
    looks, got = [], []

    def look_together(worker, draw):
        found = look(worker, draw)
        looks.append(len(found))
        if len(looks) <= 2:
            both.wait(10)
        return found

    def draw():
        try:
            got.append({one.lease for one in drawing.draw_work(world.workers[0], world.batch, 4, draw_id)})
        finally:
            connection.close()

    monkeypatch.setattr(drawing, "_lent_before", look_together)
    threads = [threading.Thread(target=draw) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(looks) == [0, 0, 4]
    assert len(got) == 2
    assert got[0] == got[1]
    assert (Lease.objects.count(), taken()) == (4, 4)
