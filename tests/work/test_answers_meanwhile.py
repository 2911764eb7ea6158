"""Deciding works before it locks: an answer that is counted in between makes the draft void, and decides the item itself."""

import pytest

from consensus.app.actions import decide_items as deciding
from consensus.app.actions.decide_items import decide_items
from delivery import outbox
from labelling.models import BatchItem, Decision
from labelling.work.accept_answers import accept_answers
from labelling.work.draw_work import draw_work
from tests.worlds import answer_to, opened, sentiment_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def lent():
    """One item that three workers hold; the first two have answered."""
    world = opened(sentiment_world(items=1, workers=3, min_answers=3, max_answers=5))
    leases = [(worker, draw_work(worker, world.batch, 1)[0]) for worker in world.workers]
    for worker, lease in leases[:2]:
        answer(worker, lease)
    return leases


def answer(worker, lease):
    [result] = accept_answers(worker, [answer_to(lease, {"label": "good"})])
    assert result.status == "accepted"


def decide_while(monkeypatch, lent, lock):
    """Decide, with the third answer coming after the draft and before the lock; the decision, if there is one."""
    third = iter(lent[2:])

    def answered_first(rows, drafts):
        for worker, lease in third:
            answer(worker, lease)
        return lock(rows, drafts)

    monkeypatch.setattr(deciding, "_lock", answered_first)
    decide_items(BatchItem.objects.values_list("item", flat=True))
    return Decision.objects.first()


def test_a_draft_stands_when_nothing_came_meanwhile(lent):
    decide_items(BatchItem.objects.values_list("item", flat=True))
    assert Decision.objects.get().answers_used == 2


def test_a_draft_is_void_when_an_answer_came_and_that_answer_decides(monkeypatch, lent):
    assert decide_while(monkeypatch, lent, deciding._lock) is None
    outbox.drain()
    decision = Decision.objects.get()
    assert (decision.answers_used, BatchItem.objects.get().counted) == (3, 3)


def test_control_without_the_second_look_the_decision_would_not_know_of_it(monkeypatch, lent):
    decision = decide_while(monkeypatch, lent, lambda rows, drafts: drafts)
    assert (decision.answers_used, BatchItem.objects.get().counted) == (2, 3)
