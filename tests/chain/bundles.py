"""A period with everything in it: right and wrong answers, gold, payouts, a second project; and its bundle."""

from django.utils import timezone

from anchoring.actions.build_bundle import build_bundle
from anchoring.actions.close_period import close_period
from delivery import outbox
from labelling.models import Gold
from labelling.work.accept_answers import accept_answers
from labelling.work.draw_work import draw_work
from people.models import Worker
from tests.chain.world import request_payout
from tests.worlds import World, answer_to, opened, sentiment_world


def work(world: World, worker: Worker, label_of, n: int = 20) -> int:
    """Draw, answer with label_of(item id), let the outbox decide and settle; returns how many were answered."""
    return answer_all(world, worker, lambda item_id: {"label": label_of(item_id)}, n)


def answer_all(world: World, worker: Worker, value_of, n: int = 20) -> int:
    lent = draw_work(worker, world.batch, n)
    if not lent:
        return 0
    results = accept_answers(worker, [answer_to(one, value_of(one.item_id)) for one in lent])
    assert {result.status for result in results} == {"accepted"}
    outbox.drain()
    return len(lent)


def good(item_id: int) -> str:
    return "good"


def by_turns(world: World):
    """Bad for every third item, in the order in which they were added: ids depend on the tests that ran before."""
    thirds = {item.pk for item in world.items[::3]}
    return lambda item_id: "bad" if item_id in thirds else "good"


def lived_in_world() -> World:
    """Three workers; the last disagrees on every third item. Money left the first one's wallet."""
    world = opened(sentiment_world(items=9, workers=3, golds=3, gold_share_bps=5000, max_answers=3))
    for worker, label_of in zip(world.workers, (good, by_turns(world), by_turns(world)), strict=True):
        while work(world, worker, label_of, n=5):
            pass
    Gold.objects.filter(item__in=world.golds[:2]).update(retired_at=timezone.now())
    request_payout(world.workers[0], 12_345)
    return world


def bundle_of(world: World, place: int = 0) -> dict:
    period = close_period()
    return build_bundle(world.workers[place], period)
