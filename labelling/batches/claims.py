"""What can still be claimed of a batch's escrow by somebody who works, or worked, in it. Reading only."""

from __future__ import annotations

from django.db.models import Q, QuerySet, Sum

from labelling.batches.appeal_debts import most_owed
from labelling.batches.escrow import cost_of_answer_micro, cost_of_one_micro
from labelling.models import Answer, Batch, Lease, TopUp
from labelling.models.gold_appeals import ASK_WITHIN, KEPT_LONGER, GoldAppeal
from ledger import clock


def claimed_micro(batch: Batch) -> int:
    """The most that workers can still claim when no more is lent: leases that are out, answers that are not settled, what answers may
    still be topped up by, appeals."""
    cost_micro = cost_of_answer_micro(batch.base_micro, batch.bonus_micro, batch.fee_bps)
    unsettled = Answer.objects.filter(batch=batch, settlement=None).count()
    out_micro = leases_out(batch).count() * cost_of_one_micro(batch)
    return out_micro + unsettled * (cost_micro - batch.base_micro) + _top_ups_to_come(batch) + kept_micro(batch)


def _top_ups_to_come(batch: Batch) -> int:
    if not batch.top_up_micro:
        return 0
    paid = TopUp.objects.filter(answer__batch=batch).aggregate(micro=Sum("amount_micro", default=0))["micro"]
    return Answer.objects.filter(batch=batch).count() * batch.top_up_micro - paid


def leases_out(batch: Batch) -> QuerySet[Lease]:
    """Leases that may still be answered and are paid then: live, or late within their grace."""
    return Lease.objects.filter(batch=batch, state__in=(Lease.State.LIVE, Lease.State.LATE))


def kept_micro(batch: Batch) -> int:
    """The most that appeals could still put right of this batch's settlements: the bonus that those who missed a known task of the
    project would have had without it, where they, or others with the very same answer, may still win."""
    may_win: dict[int, list[int]] = {}
    for worker, counts in _open_misses(batch.project_id).values_list("worker", "settlement__counts"):
        if counts:  # what is not settled yet is in no settlement's counts
            may_win.setdefault(worker, []).append(counts[1])
    return most_owed(batch, may_win) if may_win else 0


def _open_misses(project_id: int) -> QuerySet[Answer]:
    waiting = GoldAppeal.objects.filter(answer__project=project_id, decided_at=None)
    same = Q()
    for item, body_sha256, made_at in waiting.values_list("answer__item", "answer__body_sha256", "made_at"):
        same |= Q(item=item, body_sha256=body_sha256, received_at__gte=made_at - ASK_WITHIN)
    may_ask = Q(received_at__gt=clock.now() - ASK_WITHIN - KEPT_LONGER)
    misses = Answer.objects.filter(project=project_id, gold_right=False).exclude(settlement__taught=True)
    return misses.filter(Q(gold_appeal=None) & (may_ask | same) | Q(gold_appeal__in=waiting))
