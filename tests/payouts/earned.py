"""A worker who earned money the long way: she drew, answered, and it was settled."""

from __future__ import annotations

from delivery import outbox
from labelling.access import get_open_batch_for
from labelling.work.accept_answers import accept_answers
from labelling.work.draw_work import draw_work
from people.models import Organisation, Worker
from tests.worlds import answer_to, opened, sentiment_world


def earned_with(micro: int, items: int = 4) -> tuple[Worker, Organisation]:
    """(a worker who has `micro` available, the organisation that it came from)"""
    world = opened(
        sentiment_world(items=items, workers=1, min_answers=1, max_answers=1, funds_micro=4 * micro + 10_000_000),
        base_micro=micro // items,
        bonus_micro=0,
    )
    worker = world.workers[0]
    lent = draw_work(worker, get_open_batch_for(worker, world.batch.pk), items)
    accept_answers(worker, [answer_to(one, {"label": "good"}) for one in lent])
    outbox.drain()
    return worker, world.organisation
