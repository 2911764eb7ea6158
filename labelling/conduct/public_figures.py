"""The platform's own figures, for everybody: what people earn, how soon, what is refused, who is banned, which appeals are won.

All are counted from rows of the last days; nothing is rounded in our favour, and where there is too little it is said to be too little.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from kernel.locks import lock_until_commit, try_until_commit
from kernel.sql import fetch
from labelling.models import Answer, Appeal, Ban, GoldAppeal
from labelling.work.scores import WAGE_FROM_MS
from ledger import clock
from ledger.models import Transfer
from people.budgets import lasting

DAYS = 30
LEAST = 5  # people, for a figure of their wages: fewer would tell of one
KEPT, KEPT_S = "labelling.public_figures", 600

# Recorded crowds answer at the pace of a computer: their wages say nothing of people's.
_WAGES = """
SELECT count(*), percentile_disc(ARRAY[0.25, 0.5, 0.75]) WITHIN GROUP (ORDER BY wage)
  FROM (SELECT sum(a.base_micro + coalesce(s.bonus_micro, 0) + coalesce(u.amount_micro, 0)) * 3600000
               / (sum(a.active_ms) + coalesce(min(t.ms), 0)) AS wage
          FROM labelling_answer a
          LEFT JOIN labelling_topup u ON u.answer_id = a.id
          LEFT JOIN (SELECT worker_id, sum(ms) AS ms FROM labelling_timebesides
                      WHERE at >= %(since)s GROUP BY worker_id) t ON t.worker_id = a.worker_id
          LEFT JOIN labelling_settlement s ON s.answer_id = a.id
         WHERE a.received_at >= %(since)s
           AND NOT EXISTS (SELECT 1 FROM labelling_pace p WHERE p.worker_id = a.worker_id AND p.recorded)
         GROUP BY a.worker_id HAVING sum(a.active_ms) >= %(least_ms)s) hers
"""
# From when an answer came to when its base pay was in her balance.
_TIMES = """
SELECT count(*), percentile_disc(ARRAY[0.5, 0.95]) WITHIN GROUP (ORDER BY took)
  FROM (SELECT extract(epoch FROM least(s.settled_at, e.released_at) - a.received_at)::int AS took
          FROM labelling_answer a LEFT JOIN labelling_settlement s ON s.answer_id = a.id
          LEFT JOIN labelling_earlybase e ON e.answer_id = a.id
         WHERE a.received_at >= %(since)s AND (s.id IS NOT NULL OR e.answer_id IS NOT NULL)) hers
"""


def public_figures() -> dict:
    """Counted by one at a time, every ten minutes at most, whoever asks how often: until it is done the last ones are told. Without Redis
    as well."""
    last = lasting().get(KEPT)
    if last is not None and last["until"] > clock.now():
        return last["figures"]
    with transaction.atomic():
        if last is None:
            lock_until_commit(KEPT)
        elif not try_until_commit(KEPT):
            return last["figures"]
        return _counted()


def _counted() -> dict:
    now, last = clock.now(), lasting().get(KEPT)
    if last is None or last["until"] <= now:
        last = {"figures": count_figures(now), "until": now + timedelta(seconds=KEPT_S)}
        lasting().set(KEPT, last, DAYS * 86_400)
    return last["figures"]


def count_figures(now: datetime) -> dict:
    since = now - timedelta(days=DAYS)
    values = {"since": since, "least_ms": WAGE_FROM_MS}
    [(people, wages)] = fetch(_WAGES, values)
    [(paid, times)] = fetch(_TIMES, values)
    answers = Answer.objects.filter(received_at__gte=since)
    return {
        "days": DAYS,
        "currency": settings.CURRENCY,
        "workers": answers.values("worker").distinct().count(),
        "answers": answers.count(),
        "wages": dict(zip(("low", "median", "high"), wages, strict=True)) if people >= LEAST else None,
        "paid_s": dict(zip(("median", "slow"), times, strict=True)) if paid else None,
        "refused": Transfer.objects.filter(kind="refuse", effective_at__gte=since).count(),
        "bans": Ban.objects.filter(starts_at__gte=since).count(),
        "bans_lifted": Ban.objects.filter(starts_at__gte=since).exclude(lifted_at=None).count(),
        "appeals": _appeals(since),
    }


def _appeals(since: datetime) -> dict:
    """Against missed known tasks and against bans, together; silence is a won one, and what nobody answered because the ban was lifted
    before is none."""
    against_bans = Appeal.objects.exclude(outcome=Appeal.Outcome.LIFTED)
    outcomes = [
        *GoldAppeal.objects.filter(decided_at__gte=since).values_list("outcome", flat=True),
        *against_bans.filter(decided_at__gte=since).values_list("outcome", flat=True),
    ]
    return {"decided": len(outcomes), "won": sum(one != "lost" for one in outcomes)}
