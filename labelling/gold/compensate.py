"""Put a miss right that was none: her score, the bonus that the miss has cost since, and (by the event) points and streak."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from delivery.outbox import emit
from labelling.batches.settle_answers import settle_answers
from labelling.gold.judge_sittings import judge_sittings
from labelling.gold.pay_appeals import pay_appeals
from labelling.models import Answer, Settlement, WorkerRecord
from labelling.models.gold_appeals import ASK_WITHIN, GoldAppeal
from ledger import clock
from people.models import Membership, Person


def same_misses(appeal: GoldAppeal, now: datetime) -> Iterator[GoldAppeal]:
    """Whoever gave the very same answer to the item missed it no more than she did: asked or not, the same is put right. All who
    could still have asked when she did: for them the bonus is kept."""
    answer = appeal.answer
    same = Answer.objects.filter(item=answer.item_id, body_sha256=answer.body_sha256, gold_right=False)
    members = Membership.objects.filter(organisation=answer.project.organisation_id).values("person")
    unasked = same.filter(gold_appeal=None, received_at__gte=appeal.made_at - ASK_WITHIN)
    unasked = unasked.exclude(pk=answer.pk).exclude(worker__person__in=members)
    for one in unasked.select_related("project").order_by("pk"):
        yield GoldAppeal(answer=one, worker_id=one.worker_id, made_at=now)
    waiting = GoldAppeal.objects.filter(answer__in=same, decided_at=None).exclude(answer=answer)
    yield from waiting.select_for_update(of=("self",)).select_related("answer__project").order_by("pk")


def compensate(appeals: list[GoldAppeal], outcome: str, actor: Person | None, reply: str = "") -> None:
    """In the caller's transaction, which holds the appeals' locks. The answers stay as they are; what follows from them changes."""
    for appeal in appeals:
        answer = appeal.answer
        settle_answers(Answer.objects.filter(pk=answer.pk))  # gold is settled at once, but an event may still wait
        record = WorkerRecord.objects.select_for_update().get(worker=answer.worker_id, project=answer.project_id)
        training = Settlement.objects.filter(answer=answer.pk, answer__batch__training=True).exists()
        record.gold_right += not training  # what a training taught stands in no count, right or wrong
        if not training and Settlement.objects.filter(answer=answer.pk, taught=True).exists():
            # It was in no count, and stands in both from now on. The next one that she misses is the first.
            record.gold_seen, record.taught = record.gold_seen + 1, False
        record.save(update_fields=["gold_right", "gold_seen", "taught"])
        appeal.outcome, appeal.decided_by, appeal.reply, appeal.decided_at = outcome, actor, reply, clock.now()
        appeal.save()
        if training:
            judge_sittings(answer.worker_id, answer.batch_id)
    pay_appeals(appeals, actor)
    for appeal in appeals:
        told = {"answer": str(appeal.answer_id), "worker": appeal.worker_id, "project": appeal.answer.project_id}
        emit("miss.righted", told | {"paid_micro": appeal.paid_micro})
