"""The days of a ban that was undone never were: a streak goes on where it stood."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction

from ledger import clock
from rewards.models import Score


@transaction.atomic
def forgive_days(events: list[dict]) -> int:
    """`events` are ban.lifted payloads. The last good day moves on by the days of the ban, at most to today."""
    days: dict[int, int] = {}
    for event in events:
        days[event["worker"]] = days.get(event["worker"], 0) + event["days"]
    scores = Score.objects.select_for_update().filter(worker__in=days).exclude(last_good_day=None).order_by("pk")
    today, moved = clock.today(), list(scores)
    for score in moved:
        if score.last_good_day:
            score.last_good_day = min(today, score.last_good_day + timedelta(days=days[score.worker_id]))
    return Score.objects.bulk_update(moved, ["last_good_day"])
