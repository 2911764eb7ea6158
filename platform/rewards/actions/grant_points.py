"""Grant points for settled answers, once each, and move the streak on."""

from __future__ import annotations

from collections import defaultdict

from django.db import transaction
from django.utils import timezone

from rewards.levels import next_streak, points_for
from rewards.models import Grant, Score


@transaction.atomic
def grant_points(events: list[dict]) -> int:
    """`events` are answer.settled payloads; returns the points granted now. Safe to repeat."""
    known = set(Grant.objects.filter(answer_id__in=[e["answer"] for e in events]).values_list("answer_id", flat=True))
    new = {e["answer"]: e for e in events if e["answer"] not in {str(k) for k in known}}
    grants = [
        Grant(answer_id=answer, worker_id=e["worker"], points=points_for(e["agreed"], e["gold_right"]))
        for answer, e in sorted(new.items())
    ]
    Grant.objects.bulk_create(grants)
    by_worker: dict[int, list[dict]] = defaultdict(list)
    for event in new.values():
        by_worker[event["worker"]].append(event)
    for worker_id, settled in sorted(by_worker.items()):
        _add(worker_id, settled)
    return sum(grant.points for grant in grants)


def _add(worker_id: int, settled: list[dict]) -> None:
    Score.objects.get_or_create(worker_id=worker_id)
    score = Score.objects.select_for_update().get(worker_id=worker_id)
    score.points += sum(points_for(e["agreed"], e["gold_right"]) for e in settled)
    if any(e["agreed"] or e["gold_right"] for e in settled):
        today = timezone.localdate()
        since = (today - score.last_good_day).days if score.last_good_day else None
        score.streak_days = next_streak(score.streak_days, since)
        score.best_streak_days = max(score.best_streak_days, score.streak_days)
        score.last_good_day = today
    score.save()
