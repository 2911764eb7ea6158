"""What is told of exams: to her in the list of offers and at the end of a sitting, to the requester in figures. Reading only."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Count, Q, Sum

from labelling.batches import pay
from labelling.batches.escrow import fee_micro
from labelling.batches.exam_length import needed
from labelling.gold.judge_sittings import place_of, standings
from labelling.models import Answer, Batch, Project, Sitting
from labelling.work.sit_exam import why_not_again
from people.models import Worker

PASS_PERCENT = pay.PRIOR_BPS // 100


def exams_before(worker: Worker, batches: Iterable[Batch]) -> dict[int, dict]:
    """{project: its exam, where she has to pass one before she may draw its work}. Read only where one is asked for."""
    asked = {batch.project_id for batch in batches if batch.project.asks_exam and not batch.training}
    if not asked:
        return {}
    passed = Sitting.objects.filter(worker=worker, project__in=asked, passed_at__isnull=False)
    lacking = asked - set(passed.values_list("project", flat=True))
    running = Batch.objects.filter(project__in=lacking, exam_tasks__gt=0, state=Batch.State.OPEN)
    exams = {batch.project_id: batch for batch in running}
    return {project: _exam(exams.get(project)) for project in lacking}


def _exam(batch: Batch | None) -> dict:
    if batch is None:
        return {"batch": None, "tasks": 0, "base_micro": 0}
    return {"batch": batch.pk, "tasks": batch.exam_tasks, "base_micro": batch.base_micro}


def exam_tasks_left(worker: Worker, batches: Iterable[Batch]) -> dict[int, int]:
    """{exam: the tasks that her sitting still lends}; 0 where it is over, or every seat is taken."""
    exams = [batch for batch in batches if batch.exam_tasks]
    if not exams:
        return {}
    hers: dict[int, list[Sitting]] = {batch.pk: [] for batch in exams}
    for sitting in Sitting.objects.filter(worker=worker, batch__in=exams).order_by("number"):
        hers[sitting.batch_id].append(sitting)
    taken = Sitting.objects.filter(batch__in=exams, number=1).values("batch").annotate(n=Count("pk")).order_by()
    seats = {row["batch"]: row["n"] for row in taken}
    return {batch.pk: _left(batch, hers[batch.pk], seats.get(batch.pk, 0)) for batch in exams}


def _left(batch: Batch, sittings: list[Sitting], taken: int) -> int:
    if not sittings:
        return batch.exam_tasks if taken < batch.exam_seats else 0
    return 0 if sittings[-1].ended_at else max(0, batch.exam_tasks - standings(sittings)[-1].lent)


def result_of(worker: Worker, batch: Batch) -> dict:
    """Her sittings of an exam, and whether she may sit again. How a sitting went is told once it is over."""
    sittings = list(Sitting.objects.filter(worker=worker, batch=batch).select_related("batch").order_by("number"))
    project, why_not = batch.project, why_not_again(sittings)
    return {
        "batch": batch.pk,
        "project": project.pk,
        "title": project.title_in(worker.person.language),
        "task_type": project.task_type,
        "open": batch.state == Batch.State.OPEN,
        "tasks": batch.exam_tasks,
        "needed": needed(batch.exam_tasks),
        "base_micro": batch.base_micro,
        "currency": batch.currency,
        "passed": any(one.passed_at for one in sittings),
        "may_retry": not why_not and batch.state == Batch.State.OPEN,
        "why_not": str(why_not) if why_not and sittings else "",
        "sittings": [_sitting(one) for one in sittings],
    }


def _sitting(one: Sitting) -> dict:
    over = one.ended_at is not None
    return {
        "number": one.number,
        "ended_at": one.ended_at.isoformat() if one.ended_at else None,
        "right": one.right if over else None,
        "counted": one.counted if over else None,
        "needed": needed(one.counted) if over else None,
        "passed": one.passed_at is not None,
    }


def missed_answers(worker: Worker, batch: Batch) -> list[tuple[int, Answer]]:
    """(number of the sitting, answer) of the misses in sittings that are over."""
    sittings = list(Sitting.objects.filter(worker=worker, batch=batch).order_by("number"))
    rows = Answer.objects.filter(worker=worker, batch=batch, gold_right=False).select_related("lease").order_by("seq")
    placed = [(sittings[place_of(sittings, one.lease.drawn_at)], one) for one in rows] if sittings else []
    return [(sitting.number, one) for sitting, one in placed if sitting.ended_at is not None]


def figures_of(project: Project) -> dict:
    """Of all exams of a project: how many people have sat, how many have passed, and what it has cost with the fee."""
    rows = Sitting.objects.filter(project=project)
    people = rows.aggregate(
        sat=Count("worker", distinct=True),
        passed=Count("worker", distinct=True, filter=Q(passed_at__isnull=False)),
        again=Count("pk", filter=Q(number__gt=1)),
    )
    exams = Batch.objects.filter(project=project, exam_tasks__gt=0)
    paid = exams.annotate(paid=Sum("answers__base_micro", default=0)).values_list("paid", "fee_bps")
    return people | {"cost_micro": sum(micro + fee_micro(micro, bps) for micro, bps in paid)}
