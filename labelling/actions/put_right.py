"""Put a miss right that was none: her score, the bonus that the miss has cost since, and (by the event) points and streak."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.conf import settings

from delivery.outbox import emit
from labelling import pay
from labelling.actions.settle_items import settle_answers
from labelling.gold_appeals import WON, GoldAppeal
from labelling.models import Answer, Settlement, WorkerRecord
from ledger import clock, verbs
from ledger.posting import post_many
from people.models import Person

REASON = "You were right about a known task: this is the bonus that it had cost."


def same_misses(answer: Answer, now: datetime) -> Iterator[GoldAppeal]:
    """Whoever gave the very same answer to the item missed it no more than she did: asked or not, the same is put right."""
    same = Answer.objects.filter(item=answer.item_id, body_sha256=answer.body_sha256, gold_right=False)
    for one in same.filter(gold_appeal=None).exclude(pk=answer.pk).order_by("pk"):
        yield GoldAppeal(answer=one, worker_id=one.worker_id, made_at=now)
    waiting = GoldAppeal.objects.filter(answer__in=same, decided_at=None).exclude(answer=answer)
    yield from waiting.select_for_update(of=("self",)).select_related("answer").order_by("pk")


def put_right(appeal: GoldAppeal, outcome: str, actor: Person | None, reply: str = "") -> None:
    """In the caller's transaction, which holds the appeal's lock. The answer stays as it is; what follows from it changes."""
    answer = appeal.answer
    settle_answers(Answer.objects.filter(pk=answer.pk))  # gold is settled at once, but an event may still wait
    record = WorkerRecord.objects.select_for_update().get(worker=answer.worker_id, project=answer.project_id)
    record.gold_right += 1
    record.save(update_fields=["gold_right"])
    appeal.outcome, appeal.decided_by, appeal.reply, appeal.decided_at = outcome, actor, reply, clock.now()
    appeal.save()
    appeal.paid_micro = _owed_micro(appeal)
    if appeal.paid_micro:
        appeal.save(update_fields=["paid_micro"])
        reference = f"gold-appeal:{answer.pk}"
        post_many([verbs.goodwill(reference, answer.worker_id, appeal.paid_micro, settings.CURRENCY, REASON)])
    told = {"answer": str(answer.pk), "worker": answer.worker_id, "project": answer.project_id}
    emit("miss.righted", told | {"paid_micro": appeal.paid_micro})


def _owed_micro(appeal: GoldAppeal) -> int:
    """sum over her settlements k of the project of  bonus_k(right_k + c_k) - bonus_k(right_k),  less what was put right before.

    c_k: of the misses that she has won, those that settlement k counted as misses: the answer was counted before k (gold_seen
    only grows) and won after it.
    """
    project = appeal.answer.project_id
    won = GoldAppeal.objects.filter(worker=appeal.worker_id, answer__project=project, outcome__in=WON)
    rows = list(won.values_list("answer__settlement__counts", "decided_at", "paid_micro"))
    settled = Settlement.objects.filter(worker=appeal.worker_id, answer__project=project)
    settled = settled.filter(answer__batch__currency=settings.CURRENCY).exclude(counts=[])
    owed_micro = -sum(paid_micro for *_, paid_micro in rows)
    fields = ("counts", "bonus_micro", "settled_at", "answer__batch__bonus_micro")
    for (right, seen, agreed, decided), paid_micro, at, offered_micro in settled.values_list(*fields).iterator():
        missed = sum(counts[1] <= seen and at <= won_at for counts, won_at, _ in rows if counts)
        score_bps = pay.score_bps(right + missed, seen, agreed, decided)
        owed_micro += pay.bonus_for(offered_micro, score_bps) - paid_micro
    return max(0, owed_micro)
