"""What won appeals are owed, and what those could be that may still be won, by the batch whose bonus it is. Reading only; who pays:
labelling/gold/pay_appeals.py.

A settlement k is put right by  bonus_k(right_k + c_k) - bonus_k(right_k),  less what was paid for it before.
c_k: of the misses that are won, those that settlement k counted as misses: the answer was counted before k (gold_seen only grows)
and won after it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from types import MappingProxyType

from django.conf import settings
from django.db.models import QuerySet, Sum

from labelling.batches import pay
from labelling.models import Batch, Settlement
from labelling.models.gold_appeals import WON, AppealPayment, GoldAppeal

NONE: Mapping[int, list[int]] = MappingProxyType({})


def owed_by_batch(worker_id: int, project_id: int) -> dict[int, int]:
    """{batch: micro-units}, over all her settlements of the project."""
    owed = _owed(project_id, [worker_id], Settlement.objects.all(), AppealPayment.objects.all(), NONE)
    return {batch_id: micro for (_, batch_id), micro in sorted(owed.items()) if micro > 0}


def most_owed(batch: Batch, may_win: Mapping[int, list[int]]) -> int:
    """Micro-units that this batch's settlements could still be put right by. may_win: {worker: gold_seen of each miss of hers in the
    project that she may still win}."""
    mine = Settlement.objects.filter(answer__batch=batch), AppealPayment.objects.filter(batch=batch)
    owed = _owed(batch.project_id, may_win.keys(), *mine, may_win)
    return sum(micro for micro in owed.values() if micro > 0)


def _owed(
    project_id: int,
    workers: Iterable[int],
    settled: QuerySet[Settlement],
    paid: QuerySet[AppealPayment],
    may_win: Mapping[int, list[int]],
) -> Counter[tuple[int, int]]:
    """{(worker, batch): micro-units}"""
    settled = settled.filter(worker__in=workers, answer__project=project_id).exclude(counts=[])
    settled = settled.filter(answer__batch__currency=settings.CURRENCY)
    won, owed = _won(project_id, workers), Counter[tuple[int, int]]()
    fields = ("worker", "counts", "bonus_micro", "settled_at", "answer__batch", "answer__batch__bonus_micro")
    for worker, (right, seen, agreed, decided), paid_micro, at, batch_id, offered_micro in settled.values_list(*fields):
        missed = sum(counted <= seen and at <= won_at for counted, won_at in won.get(worker, ()))
        missed += sum(counted <= seen for counted in may_win.get(worker, ()))
        score_bps = pay.score_bps(right + missed, seen, agreed, decided)
        owed[worker, batch_id] += pay.bonus_for(offered_micro, score_bps) - paid_micro
    before = paid.filter(appeal__worker__in=workers, appeal__answer__project=project_id)
    for worker, batch_id, micro in before.values_list("appeal__worker", "batch").annotate(micro=Sum("amount_micro")):
        owed[worker, batch_id] -= micro
    return owed


def _won(project_id: int, workers: Iterable[int]) -> dict[int, list[tuple[int, datetime]]]:
    """{worker: (gold_seen, when it was won) of each}"""
    found: dict[int, list[tuple[int, datetime]]] = {}
    won = GoldAppeal.objects.filter(worker__in=workers, answer__project=project_id, outcome__in=WON)
    won = won.exclude(answer__settlement__taught=True)  # what no settlement counted has cost nothing
    for worker, counts, at in won.values_list("worker", "answer__settlement__counts", "decided_at"):
        if counts and at is not None:
            found.setdefault(worker, []).append((counts[1], at))
    return found
