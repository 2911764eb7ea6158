"""The exam of a project: who may do its work, what it costs, who has sat it."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from console.base_form import Form
from console.forms import MoneyField, refuse
from console.request import Request
from console.view_decorators import page, typed
from kernel.errors import DomainError
from labelling.access import get_project_for
from labelling.batches.exam_length import LONGEST, needed
from labelling.batches.open_exam import known_for_exam, open_exam, running_exam, shortest
from labelling.batches.open_training import LEAST, MAX_SEATS, least_micro
from labelling.work.exam_results import PASS_PERCENT, figures_of


class ExamForm(Form):
    seats = forms.IntegerField(
        label=gettext_lazy("For how many people"), min_value=1, max_value=MAX_SEATS,
        help_text=gettext_lazy("Each may sit twice: the escrow holds the money for both."),
    )  # fmt: skip
    tasks = forms.IntegerField(
        label=gettext_lazy("Tasks of a sitting"), min_value=LEAST, max_value=LONGEST,
        help_text=gettext_lazy("At least so many that who guesses passes once in a hundred at most."),
    )  # fmt: skip
    base_micro = MoneyField(
        label=gettext_lazy("Pay for each task"), help_text=gettext_lazy("No less than the wage floor.")
    )


@page("GET", "HEAD", "POST")
def exam(request: Request, project_id: int) -> HttpResponse:
    is_post = request.method == "POST"
    with transaction.atomic():
        project = get_project_for(request.user, project_id, write=is_post, lock=is_post)
        ranked = known_for_exam(project)
        least = shortest(project, ranked)
        form = ExamForm(typed(request), initial={"seats": 20, "tasks": least, "base_micro": least_micro(project)})
        if is_post and form.is_valid():
            try:
                batch = open_exam(request.user, project, **form.cleaned_data)
            except DomainError as refusal:
                transaction.set_rollback(True)
                refuse(form, refusal)
            else:
                messages.success(
                    request, _("The exam is open: from now on your work is for people who have passed it.")
                )
                return redirect("console:batch", batch.pk)
    context = {
        "project": project,
        "form": form,
        "running": running_exam(project),
        "known": len(ranked),
        "least": least,
        "needed": needed(least) if least else 0,
        "percent": PASS_PERCENT,
        "figures": figures_of(project),
        "currency": settings.CURRENCY,
    }
    return render(request, "console/exam.html", context, status=400 if form.errors else 200)
