"""The thread of a project: read, write, report. Who is banned reads on."""

from __future__ import annotations

from django.db import transaction
from rest_framework.response import Response

from api.contract.operation import operation
from api.contract.requests import Pages
from api.contract.shapes import page_of
from api.shapes import thread as shapes
from api.shapes.common import Ok
from api.views.base import APIView, ListView
from api.views.work import WorkView
from labelling import access
from labelling.conduct.talk import posts_of, report_post, say_as_requester, say_as_worker
from labelling.models import Post
from people.models import Person


class WorkThreadView(ListView, WorkView):
    """For who does this work, newest first; her own words are under her pseudonym."""

    @operation("work_thread", query=Pages, answers=page_of(shapes.Post))
    def get(self, request, project_id: int) -> Response:
        project = access.get_worked_project_for(access.get_worker_for(request.user), project_id)
        return self.page(request, posts_of(project), lambda post: show_post(post, request.user))

    @operation("work_thread_say", body=shapes.PostWritten, answers=shapes.Post, status=201)
    def post(self, request, project_id: int) -> Response:
        worker = access.get_worker_for(request.user)
        project = access.get_worked_project_for(worker, project_id)
        return Response(show_post(say_as_worker(worker, project, self.body["words"]), request.user), status=201)


class WorkPostReportView(WorkView):
    """It should not stand there: a person looks."""

    @operation("work_post_report", answers=Ok)
    def post(self, request, post_id: int) -> Response:
        report_post(request.user, access.get_post_for(access.get_worker_for(request.user), post_id))
        return Response({"ok": True})


class ThreadView(ListView):
    """For who asks: the same thread; what she writes stands under the organisation's name."""

    @operation("thread", query=Pages, answers=page_of(shapes.Post))
    def get(self, request, project_id: int) -> Response:
        project = access.get_project_for(request.user, project_id)
        return self.page(request, posts_of(project), lambda post: show_post(post, request.user))

    @operation("thread_say", body=shapes.PostWritten, answers=shapes.Post, status=201)
    @transaction.atomic
    def post(self, request, project_id: int) -> Response:
        project = access.get_project_for(request.user, project_id, write=True, lock=True)
        post = say_as_requester(request.user, project, self.body["words"])
        return Response(show_post(post, request.user), status=201)


class PostReportView(APIView):
    @operation("post_report", answers=Ok)
    def post(self, request, post_id: int) -> Response:
        report_post(request.user, access.get_thread_post_for(request.user, post_id))
        return Response({"ok": True})


def show_post(post: Post, reader: Person) -> dict:
    author = post.member_id or (post.worker and post.worker.person_id)
    return {
        "id": post.pk,
        "by": post.worker.pseudonym if post.worker else post.project.organisation.name,
        "is_requester": post.worker is None,
        "mine": author == reader.pk,
        "words": post.words,
        "said_at": post.said_at.isoformat(),
    }
