"""Who answers the known tasks and hands the work back is seen; who skips alike is not."""

import pytest

from consensus.app.actions.look_for_abuse import look_for_abuse
from consensus.app.models import WorkerFlag
from labelling.models import Lease
from labelling.work.accept_answers import accept_answers
from labelling.work.draw_work import draw_work
from labelling.work.return_lease import skip_lease
from tests.worlds import answer_to, opened, sentiment_world


@pytest.mark.django_db
@pytest.mark.parametrize("knows", [True, False])
def test_skipping_all_that_is_not_known_is_evidence(knows):
    world = opened(sentiment_world(items=120, golds=40, workers=1, gold_share_bps=2500))
    [worker] = world.workers
    while lent := draw_work(worker, world.batch, 20):
        known = set(Lease.objects.filter(worker=worker, batch_item=None).values_list("pk", flat=True))
        for number, one in enumerate(lent):
            is_known = one.lease in {str(pk) for pk in known}
            if is_known if knows else number % 4 == 0:
                accept_answers(worker, [answer_to(one, {"label": "good"})])
            else:
                skip_lease(worker, one.lease)
    look_for_abuse(world.project.pk)
    flags = list(WorkerFlag.objects.filter(worker=worker, kind="picky", closed_at=None))
    assert bool(flags) is knows
    if knows:
        assert flags[0].evidence["work_answered"] == 0
        assert flags[0].evidence["gold_answered"] == flags[0].evidence["gold_lent"]
