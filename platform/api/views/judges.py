"""Judges: hired, looked at, examined anew, dismissed."""

from __future__ import annotations

from django.db import transaction
from rest_framework.response import Response

from api.contract.operation import operation
from api.contract.requests import Pages
from api.contract.shapes import page_of
from api.shapes import judges as shapes
from api.views.base import APIView, ListView
from labelling import access
from labelling.task_types.label_names import names_ever
from ml_assist.judges.access import get_judge_for, judges_of
from ml_assist.judges.change_judge import dismiss_judge, examine_anew
from ml_assist.judges.figures import figures_of
from ml_assist.judges.hire import hire_judge
from ml_assist.judges.models import Judge

_MAY: dict[str, str] = {Judge.State.ADVISES: "be_heard", Judge.State.STANDS_IN: "stand_in"}
_SAME = (
    "name", "protocol", "address", "model", "state", "price_micro", "most_calls", "calls", "failures", "last_error"
)  # fmt: skip


class JudgesView(ListView):
    """Models of anybody's that answer beside people, over HTTP. POST hires one; it is examined at once. docs/decisions/judges.md"""

    @operation("judges", query=Pages, answers=page_of(shapes.Judge))
    def get(self, request, project_id: int) -> Response:
        return self.page(request, judges_of(access.get_project_for(request.user, project_id)), show_judge)

    @operation("judge_hire", body=shapes.Hired, answers=shapes.Judge, status=201)
    @transaction.atomic
    def post(self, request, project_id: int) -> Response:
        project = access.get_project_for(request.user, project_id, write=True, lock=True)
        return Response(show_judge(hire_judge(request.user, project, **self.body)), status=201)


class JudgeView(APIView):
    """One of them, with what it may decide today and what its errors are like."""

    @operation("judge", answers=shapes.JudgeInFull)
    def get(self, request, judge_id: int) -> Response:
        judge = get_judge_for(request.user, judge_id)
        return Response(show_in_full(judge))


class JudgeExamView(APIView):
    """Another prompt, or the same one again: a new version of it takes the exam."""

    @operation("judge_examine", body=shapes.ExaminedAnew, answers=shapes.Judge)
    @transaction.atomic
    def post(self, request, judge_id: int) -> Response:
        judge = get_judge_for(request.user, judge_id, write=True, lock=True)
        return Response(show_judge(examine_anew(request.user, judge, self.body.get("prompt"))))


class JudgeDismissView(APIView):
    """Nothing that it said is heard any more; what it did not cost goes back."""

    @operation("judge_dismiss", body=shapes.Dismissed, answers=shapes.Judge)
    @transaction.atomic
    def post(self, request, judge_id: int) -> Response:
        judge = get_judge_for(request.user, judge_id, write=True, lock=True)
        return Response(show_judge(dismiss_judge(request.user, judge, self.body["reason"])))


def show_judge(judge: Judge) -> dict:
    return {
        "id": judge.pk,
        "project": judge.project_id,
        **{name: getattr(judge, name) for name in _SAME},
        "may": _MAY.get(Judge.State(judge.state), "nothing"),
        "reason": judge.why,
        "exam": judge.result or None,
        **{name: _time(getattr(judge, name)) for name in ("rests_until", "created_at", "dismissed_at")},
    }


def show_in_full(judge: Judge) -> dict:
    latest, names = judge.versions.latest("number"), names_ever(judge.project.config, judge.project.past_labels)
    version = {name: getattr(latest, name) for name in ("number", "prompt", "sha256", "served_by")}
    figures = figures_of(judge, latest, lambda label: names.get(label, label))
    return {"judge": show_judge(judge), "version": version, "figures": figures}


def _time(moment) -> str | None:
    return moment.isoformat() if moment else None
