import pytest
from django.test import Client

from delivery import outbox
from labelling.models import Settlement
from labelling.work.accept_answers import accept_answers
from labelling.work.draw_work import draw_work
from rewards.actions.grant_points import grant_points
from rewards.levels import first_points_of, level_of, next_streak, progress_bps
from rewards.models import MAX_GOAL, Score
from tests.worlds import answer_to, make_worker, opened, sentiment_world

EVENT_ANSWER = "0190a000-0000-7000-8000-000000000002"


def test_levels_begin_where_they_say():
    for level in range(1, 60):
        start = first_points_of(level)
        assert level_of(start) == level
        assert level_of(first_points_of(level + 1) - 1) == level
        assert progress_bps(start) == 0


@pytest.mark.parametrize(("days", "expected"), [(None, 1), (0, 4), (1, 5), (2, 5), (3, 1)])
def test_one_missed_day_is_forgiven(days, expected):
    assert next_streak(4, days) == expected


@pytest.mark.django_db
def test_points_are_granted_once():
    worker = make_worker("points")
    event = {"answer": "0190a000-0000-7000-8000-000000000001", "worker": worker.pk, "agreed": True, "gold_right": None}
    assert grant_points([event]) == 10
    assert grant_points([event]) == 0
    score = Score.objects.get(worker=worker)
    assert (score.points, score.streak_days) == (10, 1)


@pytest.mark.django_db
def test_a_goal_is_hers_and_ends():
    worker = make_worker("goal")
    client = Client()
    client.force_login(worker.person)
    answer = client.patch("/api/v1/me", {"goal_tasks": 20}, content_type="application/json")
    assert answer.json()["worker"]["goal_tasks"] == 20
    for wrong in (-1, MAX_GOAL + 1, "many", 1.5, True):
        refused = client.patch("/api/v1/me", {"goal_tasks": wrong}, content_type="application/json")
        assert (refused.status_code, refused.json()["error"]["field"]) == (400, "goal_tasks")
    assert Score.objects.get(worker=worker).goal_tasks == 20
    grant_points([{"answer": EVENT_ANSWER, "worker": worker.pk, "agreed": True, "gold_right": None}])
    assert Score.objects.get(worker=worker).goal_tasks == 20  # what she earns does not unset it


@pytest.mark.django_db
def test_news_is_told_from_where_she_last_looked():
    world = opened(sentiment_world(items=3, workers=1, min_answers=1, max_answers=1))
    worker = world.workers[0]
    client = Client()
    client.force_login(worker.person)
    first = client.get("/api/v1/work/news").json()
    assert (first["settled"], first["earned_micro"]) == (0, 0)
    lent = draw_work(worker, world.batch, 3)
    accept_answers(worker, [answer_to(lease, {"label": "good"}) for lease in lent])
    while outbox.drain():
        continue
    later = client.get("/api/v1/work/news", {"since": first["until"]}).json()
    settled = Settlement.objects.filter(worker=worker)
    assert later["settled"] == later["confirmed"] == settled.count() == 3
    assert later["earned_micro"] == sum(one.base_micro + one.bonus_micro for one in settled)
    assert client.get("/api/v1/work/news", {"since": later["until"]}).json()["settled"] == 0
    assert client.get("/api/v1/work/news", {"since": "yesterday"}).json()["error"]["field"] == "since"
