"""Grant points for settled answers, once each, and move the streak on."""

from __future__ import annotations

from collections import defaultdict

from django.db import transaction

from kernel.sql import insert_many
from ledger import clock
from rewards.levels import next_streak, points_for
from rewards.models import Grant, Score

_SCORED = ["points", "streak_days", "best_streak_days", "last_good_day"]


@transaction.atomic
def grant_points(events: list[dict]) -> int:
    """`events` are answer.settled payloads; returns the points granted now. Safe to repeat."""
    answers = {event["answer"]: event for event in events}
    granted = Grant.objects.filter(answer_id__in=answers).values_list("answer_id", flat=True)
    new = [answers[answer] for answer in sorted(answers.keys() - {str(pk) for pk in granted})]
    grants = [Grant(answer_id=e["answer"], worker_id=e["worker"], points=_points(e)) for e in new]
    insert_many(grants)
    by_worker: dict[int, list[dict]] = defaultdict(list)
    for event in new:
        by_worker[event["worker"]].append(event)
    _add(by_worker)
    return sum(grant.points for grant in grants)


@transaction.atomic
def grant_what_was_missed(events: list[dict]) -> int:
    """`events` are miss.righted payloads: a miss counts as right after all, also for the streak. Safe to repeat."""
    full = points_for(None, True)
    new = [Grant(answer_id=e["answer"], worker_id=e["worker"], points=0) for e in events]
    Grant.objects.bulk_create(new, ignore_conflicts=True)  # her appeal may have been faster than her points
    Score.objects.bulk_create([Score(worker_id=e["worker"]) for e in events], ignore_conflicts=True)
    rows = Grant.objects.select_for_update().filter(answer_id__in=[e["answer"] for e in events], points__lt=full)
    grants = list(rows.order_by("pk"))
    lacking: dict[int, int] = defaultdict(int)
    for grant in grants:
        lacking[grant.worker_id] += full - grant.points
        grant.points = full
    Grant.objects.bulk_update(grants, ["points"])
    scores = list(Score.objects.select_for_update().filter(worker__in=lacking).order_by("pk"))
    for score in scores:
        score.points += lacking[score.worker_id]
        _good_day(score)
    Score.objects.bulk_update(scores, _SCORED)
    return sum(lacking.values())


def _points(event: dict) -> int:
    return points_for(event["agreed"], event["gold_right"])


def _add(by_worker: dict[int, list[dict]]) -> None:
    """Scores are made where there are none, and locked in one order."""
    Score.objects.bulk_create([Score(worker_id=worker_id) for worker_id in by_worker], ignore_conflicts=True)
    scores = list(Score.objects.select_for_update().filter(worker__in=by_worker).order_by("pk"))
    for score in scores:
        _move_on(score, by_worker[score.worker_id])
    insert_many(scores, unique="worker_id", update=_SCORED)


def _move_on(score: Score, settled: list[dict]) -> None:
    score.points += sum(map(_points, settled))
    if any(event["agreed"] or event["gold_right"] for event in settled):
        _good_day(score)


def _good_day(score: Score) -> None:
    today = clock.today()
    since = (today - score.last_good_day).days if score.last_good_day else None
    score.streak_days = next_streak(score.streak_days, since)
    score.best_streak_days = max(score.best_streak_days, score.streak_days)
    score.last_good_day = today
