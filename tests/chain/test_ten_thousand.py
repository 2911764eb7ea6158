"""Ten thousand answers: every pay line of every worker is recomputed from her bundle."""

import pytest

from anchoring.actions.build_bundle import build_bundle
from anchoring.actions.close_period import close_period
from labelling.models import Answer, Settlement
from labelling.proof.verify import check
from ledger import factories
from ledger.reading import balance
from tests.chain.bundles import by_turns, good, work
from tests.worlds import opened, sentiment_world

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def test_all_pay_of_ten_thousand_answers_is_recomputed():
    world = opened(sentiment_world(items=3400, workers=3, min_answers=3, max_answers=3, funds_micro=10**9))
    for worker, label_of in zip(world.workers, (good, good, by_turns(world)), strict=True):
        while work(world, worker, label_of, n=50):
            pass
    assert Answer.objects.count() == Settlement.objects.count() == 10_200
    period = close_period()
    paid = 0
    for worker in world.workers:
        bundle = build_bundle(worker, period)
        findings = check(bundle)
        assert [finding for finding in findings if finding.holds is False] == []
        [statement] = bundle["statements"]
        assert len(statement["lines"]) == 2 * 3400
        assert statement["statement"]["balance_micro"] == balance(factories.available_of(worker.pk), "USD")
        paid += statement["statement"]["earned_micro"]
    assert paid == sum(s.base_micro + s.bonus_micro for s in Settlement.objects.all())
