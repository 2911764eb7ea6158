"""What a worker may know of her own score and wage: every number that her pay is made of, and nothing secret. Reading only."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db.models import Count, QuerySet, Sum
from django.db.models.functions import TruncDate

from labelling.batches import pay
from labelling.models import Answer, WorkerRecord
from ledger import clock
from people.models import Worker

DAYS = 7
MAX_PROJECTS = 50


def scores_of(worker: Worker) -> list[dict]:
    """By project, the newest first: the counts of pay rule 3, the score that they make, and what her time there has earned."""
    records = WorkerRecord.objects.filter(worker=worker).select_related("project").defer("project__config")
    records = list(records.order_by("-project")[:MAX_PROJECTS])
    given = Answer.objects.filter(worker=worker, project__in=[record.project_id for record in records])
    earned = {row["project"]: _time_and_money(row) for row in _summed(given.values("project"))}
    language = worker.person.language
    return [_score(record, language) | earned[record.project_id] for record in records if record.project_id in earned]


def days_of(worker: Worker) -> list[dict]:
    """The last days on which she worked, newest first."""
    since = clock.now() - timedelta(days=DAYS)
    given = Answer.objects.filter(worker=worker, received_at__gte=since).annotate(day=TruncDate("received_at"))
    rows = _summed(given.values("day")).order_by("-day")
    return [{"day": row["day"].isoformat()} | _time_and_money(row) for row in rows]


def today_of(worker: Worker) -> dict:
    """Today as days_of() will tell it: one sum for a day, on every screen."""
    today = clock.today()
    given = Answer.objects.filter(worker=worker, received_at__date=today)
    row = given.aggregate(
        n=Count("pk"),
        base=Sum("base_micro", default=0),
        bonus=Sum("settlement__bonus_micro", default=0),
        ms=Sum("active_ms", default=0),
    )
    return {"day": today.isoformat()} | _time_and_money(row)


def _score(record: WorkerRecord, language: str) -> dict:
    right, seen, agreed, decided = record.gold_right, record.gold_seen, record.agreed, record.decided
    return {
        "project": record.project_id,
        "title": record.project.title_in(language),
        "gold_right": right,
        "gold_seen": seen,
        "taught": record.taught,
        "agreed": agreed,
        "decided": decided,
        "score_bps": pay.score_bps(right, seen, agreed, decided),
        "score_after_gold_bps": pay.score_bps(right + 1, seen + 1, agreed, decided),
        "score_after_agreed_bps": pay.score_bps(right, seen, agreed + 1, decided + 1),
    }


def _summed(grouped: QuerySet) -> QuerySet:
    return grouped.annotate(
        n=Count("pk"), base=Sum("base_micro"), bonus=Sum("settlement__bonus_micro", default=0), ms=Sum("active_ms")
    )


def _time_and_money(row: dict) -> dict:
    earned_micro = row["base"] + row["bonus"]
    return {
        "answers": row["n"],
        "active_ms": row["ms"],
        "earned_micro": earned_micro,
        "currency": settings.CURRENCY,
        "wage_micro_per_hour": pay.wage_micro_per_hour(earned_micro, row["ms"]),
    }
