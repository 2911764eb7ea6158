"""A miss that was put right leaves every promise of her bundle standing, before and after."""

import pytest

from anchoring.actions.build_bundle import build_bundle
from anchoring.actions.close_period import close_period
from delivery import outbox
from labelling.gold.appeal_gold import appeal_gold
from labelling.gold.decide_gold_appeal import decide_gold_appeal
from labelling.models import Answer, Settlement
from labelling.proof.verify import check
from people.models import Person
from tests.chain.bundles import good, work
from tests.worlds import opened, sentiment_world

pytestmark = pytest.mark.django_db(transaction=True)


def always_bad(item_id: int) -> str:
    return "bad"


def test_a_bundle_holds_with_a_miss_put_right_between_two_settlements():
    world = opened(sentiment_world(items=9, workers=2, golds=3, gold_share_bps=5000, max_answers=2))
    her, other = world.workers
    reviewer = Person.objects.create_user(email="reviewer@example.org", is_reviewer=True)
    while not Answer.objects.filter(worker=her, gold_right=False).exists():
        assert work(world, her, always_bad, n=2)
    while outbox.drain():
        continue
    miss = Answer.objects.filter(worker=her, gold_right=False).order_by("seq").first()
    appeal_gold(her, miss.pk)
    decide_gold_appeal(reviewer, miss.pk, "won", "")
    for worker, label_of in ((her, always_bad), (other, good)):
        while work(world, worker, label_of, n=5):
            continue
    while outbox.drain():
        continue
    bundle = build_bundle(her, close_period())
    assert [(found.name, found.detail) for found in check(bundle) if found.holds is False] == []
    lines = {line["key"]: line["amount_micro"] for one in bundle["statements"] for line in one["lines"]}
    assert f"settle:{miss.pk}" in lines
    last = Settlement.objects.filter(worker=her).order_by("-counts__1", "-counts__3").first()
    assert last.counts[0] == 1  # later settlements count it as right
