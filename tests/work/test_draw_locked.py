"""Items that are being decided are locked for a moment: a draw waits for them and does not say that nothing is left."""

import threading

import pytest
from django.db import connection, transaction
from django.utils import timezone

from labelling.models import BatchItem, DrawCursor
from labelling.work import draw_work as drawing
from labelling.work.draw_work import draw_work
from tests.worlds import opened, sentiment_world

pytestmark = pytest.mark.django_db(transaction=True)


class Decider(threading.Thread):
    """Holds the locks of all items until it is told to let go."""

    def __init__(self):
        super().__init__()
        self.holds, self.let_go = threading.Event(), threading.Event()

    def run(self) -> None:
        with transaction.atomic():
            list(BatchItem.objects.order_by("id").select_for_update())
            self.holds.set()
            self.let_go.wait(20)
        connection.close()

    def __enter__(self) -> "Decider":
        self.start()
        assert self.holds.wait(20)
        return self

    def __exit__(self, *_) -> None:
        self.let_go.set()
        self.join()


def looked_a_moment_ago(world) -> None:
    """She went through the queues just now, so a look from their start is not due."""
    DrawCursor.objects.create(worker=world.workers[0], batch=world.batch, wrapped_at=timezone.now())


def test_it_waits_for_items_that_are_being_decided(monkeypatch):
    world = opened(sentiment_world(items=3, workers=1))
    looked_a_moment_ago(world)
    with Decider() as decider:
        monkeypatch.setattr(drawing.time, "sleep", lambda _: (decider.let_go.set(), decider.join()))
        assert len(draw_work(world.workers[0], world.batch, 3)) == 3


def test_it_gives_up_in_the_end_and_she_may_ask_again_at_once(monkeypatch):
    world = opened(sentiment_world(items=3, workers=1))
    looked_a_moment_ago(world)
    naps = []
    monkeypatch.setattr(drawing.time, "sleep", naps.append)
    with Decider():
        assert draw_work(world.workers[0], world.batch, 3) == []
    assert len(naps) == 5
    assert len(draw_work(world.workers[0], world.batch, 3)) == 3


def test_control_nothing_left_is_said_at_once(monkeypatch):
    world = opened(sentiment_world(items=3, workers=1))
    assert len(draw_work(world.workers[0], world.batch, 3)) == 3
    looked = DrawCursor.objects.filter(worker=world.workers[0])
    looked.update(wrapped_at=timezone.now())
    monkeypatch.setattr(drawing.time, "sleep", lambda _: pytest.fail("it waits for nothing"))
    assert draw_work(world.workers[0], world.batch, 3) == []


def test_a_draw_that_wanted_gold_where_there_is_none_gets_work_without_waiting(monkeypatch):
    world = opened(sentiment_world(items=3, workers=1, gold_share_bps=500))
    looked_a_moment_ago(world)
    monkeypatch.setattr(drawing.random, "random", lambda: 0.0)  # always gold
    monkeypatch.setattr(drawing.time, "sleep", lambda _: pytest.fail("it waits for nothing"))
    lent = [draw_work(world.workers[0], world.batch, 1) for _ in range(4)]
    assert [len(one) for one in lent] == [1, 1, 1, 0]
