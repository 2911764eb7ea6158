"""What a worker may know of her own score and wage: every number that her pay is made of, and nothing secret. Reading only."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import timedelta

from django.conf import settings
from django.db.models import Count, Max, Q, QuerySet, Sum
from django.db.models.functions import TruncDate

from kernel.sql import fetch
from labelling.batches import pay
from labelling.batches.release_base import BASE_PAY_WITHIN
from labelling.models import Answer, Project, TimeBesides, WorkerRecord
from labelling.models.belts import BELTS, NOTHING, Evidence, evidence_of
from labelling.work.time_besides import besides
from ledger import clock
from people.models import Worker

DAYS = 7
MAX_PROJECTS = 50


def scores_of(worker: Worker) -> list[dict]:
    """By project, the newest first: the counts of pay rule 3, the score that they make, and what her time there has earned."""
    given = _summed(Answer.objects.filter(worker=worker).values("project")).order_by("-project")[:MAX_PROJECTS]
    spent = besides(TimeBesides.objects.filter(worker=worker), "project")
    earned = {row["project"]: _time_and_money(row, spent.get(row["project"])) for row in given}
    records = {one.project_id: one for one in WorkerRecord.objects.filter(worker=worker, project__in=earned)}
    projects, language = Project.objects.defer("config").in_bulk(earned), worker.person.language
    # A record begins with the first answer that is settled; what she has given before is money of hers all the same.
    return [
        _score(records.get(pk, WorkerRecord(project_id=pk)), projects[pk].title_in(language)) | told
        for pk, told in earned.items()
    ]


def days_of(worker: Worker) -> list[dict]:
    """The last days on which she worked, newest first."""
    since = clock.now() - timedelta(days=DAYS)
    given = Answer.objects.filter(worker=worker, received_at__gte=since).annotate(day=TruncDate("received_at"))
    spent = besides(TimeBesides.objects.filter(worker=worker, at__gte=since).annotate(day=TruncDate("at")), "day")
    rows = _summed(given.values("day")).order_by("-day")
    return [{"day": row["day"].isoformat()} | _time_and_money(row, spent.get(row["day"])) for row in rows]


HERS = Q(settlement__isnull=False) | Q(early_base__isnull=False)  # its base pay, and its top-up, are in her balance


def today_of(worker: Worker) -> dict:
    """Today as days_of() will tell it: one sum for a day, on every screen. `yours_micro` of it is in her balance; the rest is by
    `by`, whatever the crowd does, and a bonus may come on top."""
    today = clock.today()
    given = Answer.objects.filter(worker=worker, received_at__date=today)
    row = given.aggregate(
        n=Count("pk"),
        waits=Sum("top_up__waiting_micro", default=0, filter=~HERS),
        base=Sum("base_micro", default=0),
        bonus=Sum("settlement__bonus_micro", default=0),
        top_up=Sum("top_up__amount_micro", default=0),
        ms=Sum("active_ms", default=0),
        hers=Sum("base_micro", default=0, filter=HERS),
        last=Max("received_at", filter=~HERS),
    )
    by = (row["last"] + BASE_PAY_WITHIN).isoformat() if row["last"] else None
    return {
        "day": today.isoformat(),
        "yours_micro": row["hers"] + row["bonus"] + row["top_up"] - row["waits"],
        "by": by,
    } | _time_and_money(row)


# Below ten minutes a wage is chance. The spread is the middle half of her answers, each by its own time: half of them paid no less
# than the first figure and no more than the second.
WAGE_FROM_MS = 600_000
_KINDS = """
SELECT p.task_type, p.medium, count(*), sum(w.ms)::bigint, sum(w.micro)::bigint,
       percentile_disc(0.25) WITHIN GROUP (ORDER BY w.micro * 3600000 / w.ms) FILTER (WHERE w.ms > 0),
       percentile_disc(0.75) WITHIN GROUP (ORDER BY w.micro * 3600000 / w.ms) FILTER (WHERE w.ms > 0)
  FROM (SELECT a.project_id, a.active_ms AS ms, a.base_micro + coalesce(s.bonus_micro, 0) + coalesce(u.amount_micro, 0) AS micro
          FROM labelling_answer a LEFT JOIN labelling_settlement s ON s.answer_id = a.id
          LEFT JOIN labelling_topup u ON u.answer_id = a.id
         WHERE a.worker_id = %s) w JOIN labelling_project p ON p.id = w.project_id
 GROUP BY p.task_type, p.medium ORDER BY sum(w.ms) DESC
"""


_ALL = """
SELECT coalesce(sum(a.base_micro + coalesce(s.bonus_micro, 0) + coalesce(u.amount_micro, 0)), 0)::bigint,
       (coalesce(sum(a.active_ms), 0) + (SELECT coalesce(sum(ms), 0) FROM labelling_timebesides WHERE worker_id = %(worker)s))::bigint
  FROM labelling_answer a LEFT JOIN labelling_settlement s ON s.answer_id = a.id LEFT JOIN labelling_topup u ON u.answer_id = a.id
 WHERE a.worker_id = %(worker)s
"""


def wage_of(worker: Worker) -> int | None:
    """All she has earned, settled or not, over all her time; of a few seconds it would be anything."""
    [(micro, ms)] = fetch(_ALL, {"worker": worker.pk})
    return pay.wage_micro_per_hour(micro, ms) if ms >= WAGE_FROM_MS else None


def kinds_of(worker: Worker) -> list[dict]:
    """Her wage by kind of task, that of most time first. No wage, and no spread, from less than ten minutes."""
    rows, evidence = [], evidence_of(worker)
    spent = _besides_by_kind(worker)
    for task_type, medium, n, ms, micro, low, high in fetch(_KINDS, [worker.pk]):
        told = _time_and_money(
            {"n": n, "ms": ms, "base": micro, "bonus": 0, "top_up": 0}, spent.get((task_type, medium))
        )
        spread = {"wage_low_micro_per_hour": low, "wage_high_micro_per_hour": high}
        if told["active_ms"] < WAGE_FROM_MS:
            told, spread = told | {"wage_micro_per_hour": None}, dict.fromkeys(spread)
        belt = _belt(evidence.get((task_type, medium), NOTHING))
        rows.append({"task_type": task_type, "medium": medium} | told | spread | belt)
    return rows


def _besides_by_kind(worker: Worker) -> dict[tuple[str, str], Counter[str]]:
    spent = besides(TimeBesides.objects.filter(worker=worker), "project")
    kinds: defaultdict[tuple, Counter[str]] = defaultdict(Counter)
    for pk, task_type, medium in Project.objects.filter(pk__in=spent).values_list("pk", "task_type", "medium"):
        kinds[task_type, medium] += spent[pk]
    return kinds


def _belt(evidence: Evidence) -> dict:
    """Hers, the counts that it is made of, and what the next one takes."""
    place = BELTS.index(evidence.belt) + 1
    following = BELTS[place] if place < len(BELTS) else None
    return {
        "belt": evidence.belt,
        "sure_bps": int(evidence.sure * pay.MAX_BPS),
        "known": evidence.known,
        "waiting": evidence.waiting,
        "right": evidence.right,
        "next_belt": following,
        "right_needed": evidence.right_needed(following) if following else None,
    }


def _score(record: WorkerRecord, title: str) -> dict:
    right, seen, agreed, decided = record.gold_right, record.gold_seen, record.agreed, record.decided
    return {
        "project": record.project_id,
        "title": title,
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
        n=Count("pk"),
        base=Sum("base_micro"),
        bonus=Sum("settlement__bonus_micro", default=0),
        top_up=Sum("top_up__amount_micro", default=0),
        ms=Sum("active_ms"),
    )


def _time_and_money(row: dict, besides: Counter[str] | None = None) -> dict:
    """besides: her time there besides these answers. It is time of hers, and lowers the wage that it was worked for."""
    spent = besides or Counter()
    earned_micro, all_ms = row["base"] + row["bonus"] + row["top_up"], row["ms"] + spent.total()
    return {
        "answers": row["n"],
        "active_ms": all_ms,
        "reading_ms": spent[TimeBesides.Kind.READING],
        "returned_ms": spent[TimeBesides.Kind.RETURNED],
        "earned_micro": earned_micro,
        "currency": settings.CURRENCY,
        "wage_micro_per_hour": pay.wage_micro_per_hour(earned_micro, all_ms),
    }
