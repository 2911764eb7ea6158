"""`item.decided` is told once all is paid; by then the decision may be another one, and nobody may hear of the old one last."""

import pytest

from consensus.app.actions.decide_items import decide_items
from delivery.models import OutboxEvent
from labelling.actions.accept_answers import accept_answers
from labelling.actions.draw_work import draw_work
from labelling.actions.settle_items import settle_decided
from labelling.models import BatchItem, Decision, Settlement
from tests.worlds import answer_to, opened, sentiment_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def measured():
    """An item is decided and not settled yet: the event that will settle it."""
    world = opened(sentiment_world(items=1, workers=2))
    for worker in world.workers:
        [lease] = draw_work(worker, world.batch, 1)
        accept_answers(worker, [answer_to(lease, {"label": "good"})])
    assert decide_items(BatchItem.objects.values_list("item", flat=True)) == 1
    return OutboxEvent.objects.get(name="items.measured").payload


def told():
    return [event.payload["decision"] for event in OutboxEvent.objects.filter(name="item.decided").order_by("id")]


def test_what_is_told_is_the_decision(measured):
    settle_decided(measured)
    [decision] = told()
    assert (decision["value"], decision["source"]) == ({"label": "good"}, "crowd")
    assert Settlement.objects.filter(agreed=True).count() == 2


def test_a_word_that_came_in_between_is_what_is_told_and_pay_stays_as_it_was_measured(measured):
    Decision.objects.update(value={"label": "bad"}, source="reviewer")
    settle_decided(measured)
    [decision] = told()
    assert (decision["value"], decision["source"]) == ({"label": "bad"}, "reviewer")
    assert Settlement.objects.filter(agreed=True).count() == 2


def test_a_decision_that_is_open_again_is_not_told(measured):
    Decision.objects.update(final=False)
    settle_decided(measured)
    assert told() == []
