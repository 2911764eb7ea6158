"""Settle answers: base pay becomes available, the bonus for skill is added, by the integer pay rule.

An answer is settled once (unique row, and `settle:<answer id>` in the ledger), when its item is decided (settle_items.py); gold
at once.
An honest answer is paid even when it disagrees.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from django.db import transaction
from django.db.models import QuerySet

from delivery.outbox import emit_many
from kernel.sql import insert_many
from labelling import task_types
from labelling.batches import pay
from labelling.batches.escrow import fee_micro
from labelling.batches.waiting import waiting_micro
from labelling.models import Answer, Batch, Decision, Settlement, WorkerRecord
from labelling.task_types.questions import deciding_question, merged_into
from ledger import clock, factories
from ledger.posting import Transfer, post_many

_COUNTED = ("answers", "active_ms", "gold_seen", "gold_right", "taught", "decided", "agreed")


@transaction.atomic
def settle_answers(asked: QuerySet[Answer], decisions: Mapping[int, Decision] = MappingProxyType({})) -> int:
    """Settle those not settled yet; returns how many. decisions: by item, locked; without one (gold, or an item closed
    undecided) an answer neither agrees nor disagrees."""
    answers = list(
        asked.filter(settlement=None)
        .only(
            "id",
            "seq",
            "item_id",
            "worker_id",
            "project_id",
            "value",
            "base_micro",
            "gold_right",
            "active_ms",
            "batch_id",
            "repeat",
        )
        .order_by("seq")
    )
    if not answers:
        return 0
    batches = Batch.objects.in_bulk({answer.batch_id for answer in answers})  # few, for many answers
    for answer in answers:
        answer.batch = batches[answer.batch_id]
    records = lock_records(answers)
    # Somebody else may have settled some while we waited for the records.
    done = set(Settlement.objects.filter(answer_id__in=[a.pk for a in answers]).values_list("answer_id", flat=True))
    due = [answer for answer in answers if answer.pk not in done]
    rows = [_settle(a, _agreed(a, decisions.get(a.item_id)), records[a.worker_id, a.project_id]) for a in due]
    if not rows:
        return 0
    insert_many(rows)
    insert_many(list(records.values()), unique="worker_id, project_id", update=_COUNTED)
    emit_many("answer.settled", [_event(row) for row in rows])
    _pay(rows)
    return len(rows)


def lock_records(answers: list[Answer]) -> dict[tuple[int, int], WorkerRecord]:
    """The records of whoever gave these answers; they begin with the first answer that is settled."""
    wanted = {(answer.worker_id, answer.project_id) for answer in answers}
    found = _locked(wanted)
    if missing := sorted(wanted - found.keys()):
        new = [WorkerRecord(worker_id=worker_id, project_id=project_id) for worker_id, project_id in missing]
        WorkerRecord.objects.bulk_create(new, ignore_conflicts=True)
        found = _locked(wanted)
    return found


def _locked(wanted: set[tuple[int, int]]) -> dict[tuple[int, int], WorkerRecord]:
    workers, projects = {worker for worker, _ in wanted}, {project for _, project in wanted}
    rows = WorkerRecord.objects.select_for_update().filter(worker__in=workers, project__in=projects).order_by("id")
    return {(row.worker_id, row.project_id): row for row in rows}


def _agreed(answer: Answer, decision: Decision | None) -> bool | None:
    """Whichever version of the question she answered: a label that was merged since is what it is one with now. What she was asked
    twice is compared once."""
    if decision is None or answer.repeat:
        return None
    project = decision.project
    kind, into = task_types.get(project.task_type), merged_into(project.past_labels)
    said, decided = kind.relabel(answer.value, into), kind.relabel(decision.value, into)
    return kind.is_right(said, decided, deciding_question(decision.item))


def _settle(answer: Answer, agreed: bool | None, record: WorkerRecord) -> Settlement:
    """Count the answer first: the score is made of the counts with the answer itself included."""
    record.answers += 1
    record.active_ms += answer.active_ms
    training = answer.batch.training
    taught = training or _teaches(answer, record)
    record.taught |= taught and not training
    if answer.gold_right is not None and not taught:
        record.gold_seen += 1
        record.gold_right += answer.gold_right
    if agreed is not None:
        record.decided += 1
        record.agreed += agreed
    counts = [record.gold_right, record.gold_seen, record.agreed, record.decided]
    score_bps = pay.score_bps(*counts)
    bonus_micro = pay.bonus_for(answer.batch.bonus_micro, score_bps)  # of a training: none is offered
    return Settlement(
        answer=answer,
        worker_id=answer.worker_id,
        base_micro=answer.base_micro,
        bonus_micro=bonus_micro,
        score_bps=score_bps,
        counts=counts,
        agreed=agreed,
        taught=taught,
        settled_at=clock.now(),
    )


def _teaches(answer: Answer, record: WorkerRecord) -> bool:
    """Her first miss in the project: nobody had taught her before, so it stands in no count (docs/decisions/first-miss.md)."""
    return answer.gold_right is False and answer.batch.pay_rule_version >= pay.TAUGHT_FROM and not record.taught


def _pay(rows: list[Settlement]) -> None:
    """Escrow holds it. Should a mistake of ours have emptied it, nothing of this is written, the event waits, and it is tried again."""
    waiting = waiting_micro(row.answer_id for row in rows)
    post_many([_transfer(row, waiting[row.answer_id]) for row in rows])


def _transfer(row: Settlement, left_micro: int) -> Transfer:
    """left_micro: what is available already (labelling/batches/release_base.py) is not moved again."""
    batch = row.answer.batch
    fee = fee_micro(row.base_micro + row.bonus_micro, batch.fee_bps)
    return factories.settle(row.answer_id, batch.pk, row.worker_id, left_micro, row.bonus_micro, fee, batch.currency)


def _event(row: Settlement) -> dict:
    return {
        "answer": str(row.answer_id),
        "worker": row.worker_id,
        "project": row.answer.project_id,
        "base_micro": row.base_micro,
        "bonus_micro": row.bonus_micro,
        "score_bps": row.score_bps,
        "agreed": row.agreed,
        "gold_right": None
        if row.answer.batch.exam_tasks
        else row.answer.gold_right,  # points must not tell during an exam
    }
