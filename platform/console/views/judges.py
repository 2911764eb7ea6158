"""Judges of a project: what each may decide today, what its errors are like, and how it is hired, examined and dismissed."""

from django.conf import settings
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from console.answer_rendering import label_names
from console.forms import refuse
from console.judge_forms import JudgeForm
from console.paging import page_of
from console.request import Request
from console.view_decorators import attempt, page, typed
from kernel.errors import DomainError
from labelling.access import get_project_for
from ml_assist.judges.access import get_judge_for, judges_of
from ml_assist.judges.change_judge import dismiss_judge, examine_anew
from ml_assist.judges.figures import figures_of
from ml_assist.judges.hire import hire_judge
from ml_assist.judges.models import Judge
from ml_assist.judges.protocols import protocol_named


@page("GET", "HEAD", "POST")
def judges(request: Request, project_id: int) -> HttpResponse:
    project = get_project_for(request.user, project_id, write=request.method == "POST")
    form = JudgeForm(typed(request))
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                locked = get_project_for(request.user, project_id, write=True, lock=True)
                return redirect("console:judge", hire_judge(request.user, locked, **form.cleaned_data).pk)
        except DomainError as refusal:
            if refusal.status in (403, 404):
                raise
            refuse(form, refusal)
    rows = page_of(judges_of(project), request)
    context = {"project": project, "form": form, "page": rows, "currency": settings.CURRENCY}
    return render(request, "console/judges.html", context, status=400 if form.errors else 200)


@page("GET", "HEAD")
def judge(request: Request, judge_id: int) -> HttpResponse:
    found = get_judge_for(request.user, judge_id)
    names = label_names(found.project, request.LANGUAGE_CODE)
    version = found.versions.latest("number")

    def name_of(label: str) -> str:
        return names.get(label, (label, ""))[0]

    context = {
        "project": found.project,
        "judge": found,
        "version": version,
        "figures": figures_of(found, version, name_of),
        "takes_prompt": protocol_named(found.protocol).takes_prompt,
        "protocol": protocol_named(found.protocol).title,
        "is_gone": found.state == Judge.State.DISMISSED,
    }
    return render(request, "console/judge.html", context)


@page("POST")
def examine(request: Request, judge_id: int) -> HttpResponse:
    prompt = request.POST.get("prompt")
    attempt(
        request, lambda: examine_anew(request.user, _locked(request, judge_id), prompt), _("It takes the exam again.")
    )
    return redirect("console:judge", judge_id)


@page("POST")
def dismiss(request: Request, judge_id: int) -> HttpResponse:
    reason = request.POST.get("reason", "")
    attempt(request, lambda: dismiss_judge(request.user, _locked(request, judge_id), reason), _("It is dismissed."))
    return redirect("console:judge", judge_id)


def _locked(request: Request, judge_id: int) -> Judge:
    return get_judge_for(request.user, judge_id, write=True, lock=True)
