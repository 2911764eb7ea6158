"""What may be paid out on a first day, and that it is all hers a day later."""

import pytest

from delivery.outbox import drain
from labelling.conduct.holds import FIRST_DAY, hold_of
from labelling.models import Answer, Pace, TopUp
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
@pytest.mark.parametrize("kind", ["first_day", "random"])
def test_what_was_topped_up_is_held_with_the_pay_that_it_belongs_to(settings, kind):
    worker, now = worked(answers=5), clock.now()
    [batch] = {answer.batch for answer in worker.answers.select_related("batch")}
    paid, earned = worker.settlements.count(), BASE_MICRO * worker.settlements.count()
    if kind == "random":
        PayHold.objects.create(worker=worker, project=batch.project, kind=kind, since=now, until=now + FIRST_DAY)
    before = hold_of(worker).kept_micro
    TopUp.objects.bulk_create(
        TopUp(answer=answer, worker=worker, amount_micro=3_000, paid_at=now)
        for answer in worker.answers.exclude(settlement=None)
    )
    assert before == earned - (settings.FIRST_DAY_MICRO if kind == "first_day" else 0)
    assert hold_of(worker).kept_micro == before + paid * 3_000


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
