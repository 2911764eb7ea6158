"""What may be paid out on a first day, and that it is all hers a day later."""

import pytest

from delivery.outbox import drain
from labelling.conduct.holds import FIRST_DAY, hold_of
from labelling.models import Answer, Pace
from labelling.models.holds import PayHold
from labelling.work.accept_answers import accept_answers
from labelling.work.draw_work import draw_work
from ledger import clock
from tests.roles import as_owner
from tests.worlds import answer_to, opened, sentiment_world

BASE_MICRO = 200_000


def worked(answers: int):
    """A worker who is no recorded one, with so many answers on known tasks: they are settled at once."""
    world = opened(
        sentiment_world(items=20, golds=10, workers=1, gold_share_bps=5000), base_micro=BASE_MICRO, bonus_micro=0
    )
    [worker] = world.workers
    Pace.objects.filter(worker=worker).update(recorded=False)
    while Answer.objects.filter(worker=worker, gold_right__isnull=False).count() < answers:
        lent = draw_work(worker, world.batch, 5)
        assert lent
        accept_answers(worker, [answer_to(one, {"label": "good"}) for one in lent])
    drain()
    return worker


@pytest.mark.django_db
def test_a_first_day_keeps_all_beyond_its_first_sum_until_the_day_is_over(settings):
    worker = worked(answers=5)
    hold = hold_of(worker)
    earned = BASE_MICRO * worker.settlements.count()
    assert (hold.reason, hold.kept_micro) == ("first_day", earned - settings.FIRST_DAY_MICRO)
    assert hold.free_micro(earned) == settings.FIRST_DAY_MICRO
    assert f"{hold.until:%Y-%m-%d %H:%M}" in hold.sentence
    assert "0.50 USD" in hold.sentence
    with as_owner():
        Answer.objects.filter(worker=worker).update(received_at=clock.now() - FIRST_DAY)
    assert hold_of(worker) is None


@pytest.mark.django_db
def test_a_flag_holds_what_its_project_paid_and_ends_at_its_date():
    worker = worked(answers=5)
    earned = BASE_MICRO * worker.settlements.count()
    now, project = clock.now(), worker.answers.first().project
    with as_owner():
        Answer.objects.filter(worker=worker).update(received_at=now - FIRST_DAY)
    hold = PayHold.objects.create(worker=worker, project=project, kind="random", since=now, until=now + FIRST_DAY)
    held = hold_of(worker)
    assert (held.reason, held.kept_micro, held.free_micro(earned)) == ("flag", earned, 0)
    assert held.until == hold.until
    PayHold.objects.filter(pk=hold.pk).update(since=now - 2 * FIRST_DAY, until=now)
    assert hold_of(worker) is None
