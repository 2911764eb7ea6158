"""Deciding is done in batches: however many answers wait in the outbox, each project is one call of its method."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from delivery import outbox
from labelling import task_types
from labelling.models import BatchItem, Decision
from labelling.work.accept_answers import accept_answers
from labelling.work.draw_work import draw_work
from tests.worlds import answer_to, opened, sentiment_world

pytestmark = pytest.mark.django_db


def answered(items: int, workers: int = 2):
    """A world in which every item waits to be decided."""
    world = opened(sentiment_world(items=items, workers=workers, min_answers=workers))
    for worker in world.workers:
        while lent := draw_work(worker, world.batch, 50):
            accept_answers(worker, [answer_to(one, {"label": "good"}) for one in lent])
    return world


def test_a_thousand_answers_are_one_call(monkeypatch):
    kind, sizes = task_types.get("choice"), []
    decide_many = kind.consensus.decide_many

    def counted(tasks, *rest):
        sizes.append(len(tasks))
        return decide_many(tasks, *rest)

    monkeypatch.setattr(kind.consensus, "decide_many", counted)
    answered(items=500)
    outbox.drain()
    assert sizes == [500] * 3  # as the answers came, the bar, the last word of the batch that they closed
    assert Decision.objects.filter(final=True).count() == 500


def test_ten_times_the_items_cost_few_more_statements():
    counts = {}
    for items in (30, 300):
        answered(items)
        with CaptureQueriesContext(connection) as queries:
            outbox.drain()
        counts[items] = len(queries)
    assert counts[300] <= counts[30] + 60  # money goes in pieces of a hundred items


def test_of_those_that_are_asked_again_the_most_doubtful_stands_first():
    world = opened(sentiment_world(items=4, workers=2, min_answers=2, max_answers=5, target_ppm=999_999))
    split = world.items[2].pk
    for place, worker in enumerate(world.workers):
        for one in draw_work(worker, world.batch, 50):
            label = "bad" if place and one.item_id == split else "good"
            accept_answers(worker, [answer_to(one, {"label": label})])
    outbox.drain()
    waiting = BatchItem.objects.filter(batch=world.batch, state=BatchItem.State.OPEN).order_by("ticket")
    assert waiting[0].item_id == split
    assert {(row.wanted, row.need > 0) for row in waiting} == {(3, True)}
