"""Exams: the requester opens one and sees how it goes; a worker reads how she did, and sits again."""

from __future__ import annotations

from django.conf import settings
from django.db import transaction
from rest_framework.response import Response

from api.contract.operation import operation
from api.shapes import exams as shapes
from api.shapes import projects as project_shapes
from api.views.base import APIView
from api.views.projects import show_batch
from api.views.work import WorkView
from labelling import access
from labelling.batches.open_exam import known_for_exam, open_exam, running_exam, shortest
from labelling.models import Batch
from labelling.work.exam_results import figures_of, missed_answers, result_of
from labelling.work.sit_exam import sit_again
from labelling.work.work_listing import lines_of
from people.models import Worker


class ExamView(APIView):
    """The exam of a project: known tasks that say who may do its work, paid, out of an escrow of its own."""

    @operation("exam", answers=shapes.ExamFigures)
    def get(self, request, project_id: int) -> Response:
        project = access.get_project_for(request.user, project_id)
        ranked, running = known_for_exam(project), running_exam(project)
        told = {"asks_exam": project.asks_exam, "running": running and show_batch(running), "known": len(ranked)}
        told |= {"least_tasks": shortest(project, ranked), "currency": settings.CURRENCY}
        return Response(told | figures_of(project))

    @operation("exam_open", body=shapes.ExamMade, answers=project_shapes.Batch, status=201)
    @transaction.atomic
    def post(self, request, project_id: int) -> Response:
        project = access.get_project_for(request.user, project_id, write=True, lock=True)
        return Response(show_batch(open_exam(request.user, project, **self.body)), status=201)


class ExamResultView(WorkView):
    """How she did, sitting by sitting, with what she missed in those that are over."""

    @operation("work_exam", answers=shapes.ExamResult)
    def get(self, request, batch_id: int) -> Response:
        worker = access.get_worker_for(request.user)
        return Response(_result(worker, access.get_exam_for(worker, batch_id)))


class SitAgainView(WorkView):
    """The free retry, with known tasks that she has not met. Safe to repeat until its first task is lent."""

    @operation("work_exam_again", answers=shapes.ExamResult)
    def post(self, request, batch_id: int) -> Response:
        worker = access.get_worker_for(request.user)
        batch = access.get_open_exam_for(worker, batch_id)
        sit_again(worker, batch)
        return Response(_result(worker, batch))


def _result(worker: Worker, batch: Batch) -> dict:
    numbers = {answer.pk: number for number, answer in missed_answers(worker, batch)}
    lines = lines_of(worker, list(numbers))
    missed = [line | {"sitting": number} for line, number in zip(lines, numbers.values(), strict=True)]
    return result_of(worker, batch) | {"missed": missed}
