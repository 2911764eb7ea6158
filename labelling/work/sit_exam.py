"""Sit the exam of a project: the first try begins with its first task, the second when she asks for it."""

from __future__ import annotations

from django.db import transaction

from kernel.errors import Conflict
from kernel.locks import lock_until_commit
from labelling.batches.exam_length import TRIES
from labelling.gold.judge_sittings import judge_sittings, standings, unmet
from labelling.models import Batch, Sitting
from ledger import clock
from people.models import Worker

PASSED = "You have passed the exam of this project: its work is open to you."
OVER = "This sitting is over: your result says what was right, and whether you can sit again."
FULL = "All seats of this exam are taken."
TOO_FEW = "This exam has too few known tasks left that you have not met: there is nothing new to ask you."
ONCE_AGAIN = "You have sat this exam twice: there is no third try."
NOT_OVER = "You are in the middle of this exam: finish it first."


def lock_sitting(worker: Worker) -> None:
    """One draw of an exam at a time; in the caller's transaction."""
    lock_until_commit(f"labelling.sitting:{worker.pk}")


def tasks_left(worker: Worker, batch: Batch) -> int:
    """How many tasks her sitting still lends, which begins here if it has not. The caller has locked it (`lock_sitting`)."""
    sittings = list(Sitting.objects.filter(worker=worker, batch=batch).order_by("number"))
    if not sittings:
        sittings = [_begin_first(worker, batch)]
    if sittings[-1].ended_at is not None:
        passed = any(one.passed_at for one in sittings)
        raise Conflict(PASSED if passed else OVER, code="exam_over")
    return max(0, batch.exam_tasks - standings(sittings)[-1].lent)


def _begin_first(worker: Worker, batch: Batch) -> Sitting:
    if Sitting.objects.filter(worker=worker, project=batch.project_id, passed_at__isnull=False).exists():
        raise Conflict(PASSED, code="exam_over")
    lock_until_commit(f"labelling.seats_of:{batch.pk}")
    if Sitting.objects.filter(batch=batch, number=1).count() >= batch.exam_seats:
        raise Conflict(FULL, code="exam_full")
    return _begin(worker, batch, 1)


@transaction.atomic
def sit_again(worker: Worker, batch: Batch) -> Sitting:
    """The free retry, with tasks that she has not met. Safe to repeat until its first task is lent."""
    lock_sitting(worker)
    sittings = judge_sittings(worker.pk, batch.pk)
    if sittings and sittings[-1].number == TRIES and not standings(sittings)[-1].lent:
        return sittings[-1]
    if refusal := why_not_again(sittings):
        raise refusal
    return _begin(worker, batch, TRIES)


def why_not_again(sittings: list[Sitting]) -> Conflict | None:
    """None: she may sit again."""
    if not sittings or sittings[-1].ended_at is None:
        return Conflict(NOT_OVER, code="no_retry")
    if any(one.passed_at for one in sittings):
        return Conflict(PASSED, code="no_retry")
    if len(sittings) >= TRIES:
        return Conflict(ONCE_AGAIN, code="no_retry")
    if not _has_enough(sittings[-1].worker_id, sittings[-1].batch):
        return Conflict(TOO_FEW, code="no_retry")
    return None


def _has_enough(worker_id: int, batch: Batch) -> bool:
    return unmet(worker_id, batch.project_id) >= batch.exam_tasks


def _begin(worker: Worker, batch: Batch, number: int) -> Sitting:
    if not _has_enough(worker.pk, batch):
        raise Conflict(TOO_FEW, code="too_few_known")
    return Sitting.objects.create(
        worker=worker, batch=batch, project_id=batch.project_id, number=number, began_at=clock.now()
    )
