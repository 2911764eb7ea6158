"""What was settled while she was away: told once when she comes back. Reading only."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Count, Q, Sum

from labelling.models import Settlement
from ledger import clock
from people.models import Worker

LOOK_BACK = timedelta(days=30)  # what is older is history, no news


def news_since(worker: Worker, since: datetime | None) -> dict:
    """How many of her answers were settled since then, how many of them the others or a known task confirmed, and what they brought.

    `until` is where the next question goes on, so that nothing is told twice. Without `since` there is no news yet.
    """
    until = clock.now()
    start = until if since is None else max(since, until - LOOK_BACK)
    told = Settlement.objects.filter(worker=worker, settled_at__gt=start, settled_at__lte=until).aggregate(
        settled=Count("pk"),
        confirmed=Count("pk", filter=Q(agreed=True) | Q(answer__gold_right=True, answer__batch__exam_tasks=0)),
        base=Sum("base_micro", default=0),
        bonus=Sum("bonus_micro", default=0),
        top_up=Sum("answer__top_up__amount_micro", default=0),
    )
    return {
        "settled": told["settled"],
        "confirmed": told["confirmed"],
        "earned_micro": told["base"] + told["bonus"] + told["top_up"],
        "currency": settings.CURRENCY,
        "until": until.isoformat(),
    }
