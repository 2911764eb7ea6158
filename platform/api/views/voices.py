"""Voices: what workers say of a project and ask about it, and what its requester answers."""

from __future__ import annotations

from django.db import transaction
from rest_framework.response import Response

from api.contract.operation import operation
from api.contract.requests import Pages
from api.contract.shapes import page_of
from api.shapes import voices as shapes
from api.views.base import APIView, ListView
from api.views.work import WorkView
from labelling import access
from labelling.conduct.say_of_project import ask_requester, rate_project, reply, voices_of
from labelling.models import Rating, TaskQuestion
from labelling.models.voices import MARKS, told_ratings


class VoicesView(WorkView):
    """What people say of work that she may see, and the questions that were answered."""

    @operation("work_voices", answers=shapes.Voices)
    def get(self, request, project_id: int) -> Response:
        worker = access.get_worker_for(request.user)
        return Response(voices_of(worker, access.get_worked_project_for(worker, project_id)))


class RatingView(WorkView):
    """How it was: by who has worked there; said again, the new one stands."""

    @operation("work_rate", body=shapes.WorkRated, answers=shapes.Voices)
    def post(self, request, project_id: int) -> Response:
        worker = access.get_worker_for(request.user)
        project, body = access.get_worked_project_for(worker, project_id), self.body
        rate_project(worker, project, {name: body[name] for name in MARKS}, body["words"])
        return Response(voices_of(worker, project))


class AskView(WorkView):
    """Ask the requester about a task; the answer is seen by all who do this work."""

    @operation("work_ask", body=shapes.TaskQuestionAsked, answers=shapes.Voices)
    def post(self, request, project_id: int) -> Response:
        worker = access.get_worker_for(request.user)
        project = access.get_worked_project_for(worker, project_id)
        ask_requester(worker, project, self.body["words"])
        return Response(voices_of(worker, project))


class RatingsView(ListView):
    @operation("ratings", query=Pages, answers=page_of(shapes.RatingTold))
    def get(self, request, project_id: int) -> Response:
        project = access.get_project_for(request.user, project_id)
        return self.page(request, told_ratings().filter(project=project), show_rating)


class TaskQuestionsView(ListView):
    @operation("task_questions", query=Pages, answers=page_of(shapes.QuestionTold))
    def get(self, request, project_id: int) -> Response:
        project = access.get_project_for(request.user, project_id)
        return self.page(request, TaskQuestion.objects.filter(project=project), show_question)


class RatingReplyView(APIView):
    """The requester's word on what somebody said; said again, the new one stands."""

    @operation("rating_reply", body=shapes.VoiceReplied, answers=shapes.RatingTold)
    @transaction.atomic
    def post(self, request, rating_id: int) -> Response:
        rating = access.get_rating_for(request.user, rating_id)
        reply(request.user, rating, self.body["words"])
        return Response(show_rating(rating))


class TaskQuestionReplyView(APIView):
    """The requester's word on what somebody asked; said again, the new one stands."""

    @operation("task_question_reply", body=shapes.VoiceReplied, answers=shapes.QuestionTold)
    @transaction.atomic
    def post(self, request, task_question_id: int) -> Response:
        asked = access.get_task_question_for(request.user, task_question_id)
        reply(request.user, asked, self.body["words"])
        return Response(show_question(asked))


def show_rating(row: Rating) -> dict:
    marks = {name: getattr(row, name) for name in MARKS}
    return {"id": row.pk, **marks, "words": row.words, "said_on": row.said_at.date().isoformat(), "reply": row.reply}


def show_question(row: TaskQuestion) -> dict:
    return {"id": row.pk, "words": row.words, "asked_on": row.asked_at.date().isoformat(), "reply": row.reply}
