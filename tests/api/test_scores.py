"""A worker's own score: every number that her pay is made of, by the pay rule that she can read."""

import pytest
from django.test import Client

from delivery import outbox
from labelling.batches import pay
from labelling.models import Answer, Settlement, WorkerRecord
from labelling.work.accept_answers import accept_answers
from labelling.work.draw_work import draw_work
from tests.worlds import answer_to, make_worker, opened, sentiment_world

pytestmark = pytest.mark.django_db


def scores(worker) -> dict:
    client = Client()
    client.force_login(worker.person)
    return client.get("/api/v1/work/scores").json()


def test_the_numbers_are_those_that_pay_is_made_of():
    world = opened(sentiment_world(items=4, workers=2, golds=2, gold_share_bps=5000))
    for worker, label in zip(world.workers, ("good", "bad"), strict=True):
        lent = draw_work(worker, world.batch, 20)
        accept_answers(worker, [answer_to(one, {"label": label}) | {"active_ms": 3000} for one in lent])
    while outbox.drain():
        continue
    for worker in world.workers:
        said = scores(worker)
        [row] = said["results"]
        record = WorkerRecord.objects.get(worker=worker)
        counts = [row[name] for name in ("gold_right", "gold_seen", "agreed", "decided")]
        assert counts == [record.gold_right, record.gold_seen, record.agreed, record.decided]
        last = Settlement.objects.filter(worker=worker).order_by("-counts__1", "-counts__3").first()
        assert row["score_bps"] == pay.score_bps(*counts) == last.score_bps
        assert row["score_after_gold_bps"] > row["score_bps"]
        bonus_micro = sum(Settlement.objects.filter(worker=worker).values_list("bonus_micro", flat=True))
        base_micro = sum(Answer.objects.filter(worker=worker).values_list("base_micro", flat=True))
        assert row["earned_micro"] == base_micro + bonus_micro
        ms = sum(Answer.objects.filter(worker=worker).values_list("active_ms", flat=True))
        assert row["wage_micro_per_hour"] == pay.wage_micro_per_hour(row["earned_micro"], ms)
        [day] = said["days"]
        assert (day["earned_micro"], day["active_ms"]) == (row["earned_micro"], row["active_ms"])
        assert said["rule"]["hash"] == pay.RULE_HASH


def test_a_day_has_one_figure_on_every_screen():
    """Home said 0.20 where the same day had brought 2.05: it counted what was settled, and not what was given."""
    world = opened(sentiment_world(items=6, workers=1))
    worker = world.workers[0]
    lent = draw_work(worker, world.batch, 6)
    accept_answers(worker, [answer_to(one, {"label": "good"}) for one in lent])
    client = Client()
    client.force_login(worker.person)
    while True:
        me, [day] = client.get("/api/v1/me").json()["worker"], scores(worker)["days"]
        assert me["earned_today_micro"] == day["earned_micro"] >= 6 * 10_000
        assert (me["answers_today"], day["answers"]) == (6, 6)
        if not outbox.drain():
            break


def test_who_has_not_worked_yet_has_no_rows():
    assert scores(make_worker("thandi"))["results"] == []
