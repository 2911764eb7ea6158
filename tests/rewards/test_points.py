import pytest

from rewards.actions.grant_points import grant_points
from rewards.levels import first_points_of, level_of, next_streak, progress_bps
from rewards.models import Score
from tests.worlds import make_worker


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
