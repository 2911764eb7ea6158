"""What won appeals are still owed, by the batch whose bonus it is. Reading only; who pays: labelling/actions/pay_appeals.py."""

from __future__ import annotations

from collections import Counter

from django.conf import settings
from django.db.models import Sum

from labelling import pay
from labelling.gold_appeals import WON, AppealPayment, GoldAppeal
from labelling.models import Settlement


def owed_by_batch(worker_id: int, project_id: int) -> dict[int, int]:
    """{batch: micro-units}: sum over her settlements k of the project of  bonus_k(right_k + c_k) - bonus_k(right_k),  less what was
    paid for it before.

    c_k: of the misses that she has won, those that settlement k counted as misses: the answer was counted before k (gold_seen
    only grows) and won after it.
    """
    won = GoldAppeal.objects.filter(worker=worker_id, answer__project=project_id, outcome__in=WON)
    rows = list(won.values_list("answer__settlement__counts", "decided_at"))
    settled = Settlement.objects.filter(worker=worker_id, answer__project=project_id)
    settled = settled.filter(answer__batch__currency=settings.CURRENCY).exclude(counts=[])
    owed: Counter[int] = Counter()
    fields = ("counts", "bonus_micro", "settled_at", "answer__batch", "answer__batch__bonus_micro")
    for (right, seen, agreed, decided), paid_micro, at, batch_id, offered_micro in settled.values_list(*fields):
        missed = sum(counts[1] <= seen and at <= won_at for counts, won_at in rows if counts)
        score_bps = pay.score_bps(right + missed, seen, agreed, decided)
        owed[batch_id] += pay.bonus_for(offered_micro, score_bps) - paid_micro
    owed.subtract(_paid_by_batch(worker_id, project_id))
    return {batch_id: micro for batch_id, micro in sorted(owed.items()) if micro > 0}


def _paid_by_batch(worker_id: int, project_id: int) -> dict[int, int]:
    paid = AppealPayment.objects.filter(appeal__worker=worker_id, appeal__answer__project=project_id)
    return dict(paid.values_list("batch").annotate(micro=Sum("amount_micro")))
