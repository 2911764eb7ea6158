"""The figures of a project page, to the micro-unit and the second."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from console.answer_rendering import spark
from console.statistics import Forecast, answered_in, decided_over_time, forecast_of, progress_of
from console.templatetags.console import about, money, span
from console.views.batches import waiting_items
from console.views.home import with_counts
from console.views.label_api import label_figures, model_share_over_time
from delivery import outbox
from labelling.models import Answer, Batch, Decision, LabelRequest, Settlement
from labelling.work.accept_answers import accept_answers
from labelling.work.draw_work import draw_work
from tests.roles import as_owner
from tests.worlds import answer_to, opened, sentiment_world


@pytest.mark.django_db
def test_progress_counts_what_is_there():
    world = opened(sentiment_world(items=6, workers=3, golds=1), fee_bps=1000)
    assert progress_of(world.project).answers == 0
    for worker in world.workers[:2]:
        lent = draw_work(worker, world.batch, 4)
        accept_answers(worker, [answer_to(one, {"label": "good"}) for one in lent])
        outbox.drain()
    found = progress_of(world.project)
    assert found.items == 6  # the known item is no work
    assert found.decided == Decision.objects.filter(final=True).count() == 4
    assert (found.answers, found.settled) == (8, 8)
    assert found.pay_micro == sum(s.base_micro + s.bonus_micro for s in Settlement.objects.all())
    assert found.fee_micro == sum((s.base_micro + s.bonus_micro) // 10 for s in Settlement.objects.all())
    assert found.answer_ms == pytest.approx(sum(Answer.objects.values_list("active_ms", flat=True)) / 8)
    assert found.asked == 2 * 2  # two items wait for two answers each
    assert found.is_live


@pytest.mark.django_db
def test_what_the_model_answered_by_the_label_api_is_decided_and_counted_once():
    world = opened(sentiment_world(items=4, workers=2))
    for worker in world.workers:
        lent = draw_work(worker, world.batch, 2)
        accept_answers(worker, [answer_to(one, {"label": "good"}) for one in lent])
        outbox.drain()
    decided = set(Decision.objects.filter(final=True).values_list("item", flat=True))
    free = [item for item in world.items if item.pk not in decided]
    for item in (free[0], free[0], world.project.items.get(pk=min(decided))):
        LabelRequest.objects.create(
            id=uuid.uuid4(),
            project=world.project,
            item=item,
            source="model",
            value={"label": "good"},
            confidence_ppm=990_000,
        )
    found = progress_of(world.project)
    assert (found.items, found.decided, found.by_model) == (4, 3, 1)
    assert found.answers_per_item == found.answers / 2  # people decided two
    assert with_counts(world.organisation.projects).get().decided_n == 3


@pytest.mark.django_db
def test_the_forecast_follows_the_pace_of_now_and_says_nothing_when_nobody_works():
    world = opened(sentiment_world(items=10, workers=2))
    lent = draw_work(world.workers[0], world.batch, 6)
    accept_answers(world.workers[0], [answer_to(one, {"label": "good"}) for one in lent])
    with as_owner():
        Answer.objects.update(received_at=timezone.now() - timedelta(minutes=30))
    found = progress_of(world.project)
    assert found.answers_an_hour == pytest.approx(12, rel=0.01)
    assert found.time_left_s == pytest.approx(found.answers_to_come / 12 * 3600, rel=0.01)
    assert found.cost_to_come_micro == found.answers_to_come * 10_000
    with as_owner():
        Answer.objects.update(received_at=timezone.now() - timedelta(hours=3))
    assert progress_of(world.project).time_left_s is None


@pytest.mark.django_db
def test_the_curve_ends_at_all_that_is_decided():
    world = opened(sentiment_world(items=5, workers=2))
    assert decided_over_time(world.project) == []
    for worker in world.workers:
        lent = draw_work(worker, world.batch, 5)
        accept_answers(worker, [answer_to(one, {"label": "good"}) for one in lent])
        outbox.drain()
    start = timezone.now() - timedelta(hours=4)
    for hour, decision in enumerate(Decision.objects.order_by("pk")):
        Decision.objects.filter(pk=decision.pk).update(decided_at=start + timedelta(hours=hour))
    curve = decided_over_time(world.project)
    assert len(curve) == 40
    assert (curve[0], curve[-1]) == (1, 5)
    assert curve == sorted(curve)


def test_a_sparkline_fills_its_box():
    drawn = spark([0, 5, 10])
    assert drawn["line"] == "0.0,60.0 150.0,30.0 300.0,0.0"
    assert drawn["area"].startswith("0,60 ")
    assert spark([1]) is None


@pytest.mark.parametrize(
    ("micro", "exact", "read"),
    [
        (0, "0.00 USD", "0.00 USD"),
        (14_000, "0.014 USD", "0.0140 USD"),
        (-1_500_000, "−1.50 USD", "−1.50 USD"),
        (12_210_908, "12.210908 USD", "12.21 USD"),
        (1_234_567_000_000, "1,234,567.00 USD", "1,234,567.00 USD"),
        (None, "–", "–"),
    ],
)
def test_money_in_words(micro, exact, read):
    assert money(micro) == exact
    assert about(micro) == read


def test_lengths_of_time_in_words():
    assert [span(s) for s in (None, 5, 60, 3_700, 200_000)] == ["–", "under a minute", "1 minute", "1 hour", "2 days"]


@pytest.mark.django_db
def test_the_label_apis_figures_are_those_of_its_requests():
    world = sentiment_world(items=4)
    now = timezone.now()
    rows = [("model", True, 0), ("model", False, 0), ("model", None, 0), ("crowd", None, 30_000)]
    for item, (source, right, cost_micro) in zip(world.items, rows, strict=True):
        request = LabelRequest.objects.create(
            id=uuid.uuid4(), project=world.project, item=item, source=source, audit_right=right, cost_micro=cost_micro
        )
        wait_s = 60 if source == "crowd" else 2
        LabelRequest.objects.filter(pk=request.pk).update(requested_at=now, answered_at=now + timedelta(seconds=wait_s))
    found = label_figures(world.project)
    assert (found["asked"], found["answered"], found["by_model"], found["by_crowd"]) == (4, 4, 3, 1)
    assert (found["right"], found["checked"]) == (1, 2)
    assert (found["model_s"], found["crowd_s"]) == (2.0, 60.0)
    assert (found["spent_micro"], found["each_micro"]) == (30_000, 7_500)
    assert model_share_over_time(world.project) == [75.0]


@pytest.mark.django_db
def test_a_batch_says_when_it_will_be_done_and_whether_the_deadline_comes_first():
    world = opened(sentiment_world(items=10, workers=2))
    batch = Batch.objects.get(pk=world.batch.pk)
    assert forecast_of(batch, answered_in(batch)) == Forecast(None, None, False)  # nobody has answered
    lent = draw_work(world.workers[0], world.batch, 6)
    accept_answers(world.workers[0], [answer_to(one, {"label": "good"}) for one in lent])
    with as_owner():
        Answer.objects.update(received_at=timezone.now() - timedelta(minutes=30))  # so 12 an hour
    batch.refresh_from_db()
    asked = progress_of(world.project).asked
    found = forecast_of(batch, answered_in(batch))
    assert found.left_s == pytest.approx(asked / 12 * 3600, rel=0.01)
    assert found.done_at == pytest.approx(timezone.now() + timedelta(seconds=found.left_s), abs=timedelta(seconds=60))
    for slack_s, is_late in ((-600, True), (600, False)):
        batch.deadline = timezone.now() + timedelta(seconds=found.left_s + slack_s)
        assert forecast_of(batch, answered_in(batch)).is_late is is_late


@pytest.mark.django_db
def test_a_new_batch_counts_the_items_that_it_would_offer():
    """Not those that the model has answered for the label API: nobody else need decide them."""
    world = sentiment_world(items=5, workers=1)
    assert waiting_items(world.project) == 5
    LabelRequest.objects.create(id=uuid.uuid4(), project=world.project, item=world.items[0], source="model")
    LabelRequest.objects.create(id=uuid.uuid4(), project=world.project, item=world.items[1], source="")
    assert waiting_items(world.project) == 4
    assert opened(world).batch.items_total == 4
