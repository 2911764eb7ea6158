"""Items are settled after they are decided. By then the decision may be another one: pay is measured by it, and it is told."""

import pytest

from consensus.app.actions.decide_items import decide_items
from delivery.models import OutboxEvent
from labelling.batches.settle_items import settle_items
from labelling.models import BatchItem, Decision, Settlement
from labelling.work.accept_answers import accept_answers
from labelling.work.draw_work import draw_work
from tests.worlds import answer_to, opened, sentiment_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def due():
    """An item is decided and not settled yet: the event that will settle it."""
    world = opened(sentiment_world(items=1, workers=2))
    for worker in world.workers:
        [lease] = draw_work(worker, world.batch, 1)
        accept_answers(worker, [answer_to(lease, {"label": "good"})])
    assert decide_items(BatchItem.objects.values_list("item", flat=True)) == 1
    return OutboxEvent.objects.get(name="settlement.due").payload


def told():
    return [event.payload["decision"] for event in OutboxEvent.objects.filter(name="item.decided").order_by("id")]


def test_what_is_told_is_the_decision(due):
    settle_items(due["items"], due["late_answers"])
    [decision] = told()
    assert (decision["value"], decision["source"]) == ({"label": "good"}, "crowd")
    assert Settlement.objects.filter(agreed=True).count() == 2


def test_a_word_that_came_in_between_is_what_pay_is_measured_by_and_what_is_told(due):
    Decision.objects.update(value={"label": "bad"}, source="reviewer")
    settle_items(due["items"], due["late_answers"])
    [decision] = told()
    assert (decision["value"], decision["source"]) == ({"label": "bad"}, "reviewer")
    assert Settlement.objects.filter(agreed=False).count() == 2


def test_a_decision_that_is_open_again_is_not_told(due):
    Decision.objects.update(final=False)
    settle_items(due["items"], due["late_answers"])
    assert told() == []
