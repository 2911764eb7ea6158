"""A paid training: how many examples, for how many people, at which price, and what lies in escrow for it."""

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
from labelling.batches.open_training import (
    LEAST,
    MAX_SEATS,
    MOST,
    known_for_training,
    least_micro,
    open_training,
    running_training,
)  # fmt: skip


class TrainingForm(Form):
    seats = forms.IntegerField(label=gettext_lazy("For how many people"), min_value=1, max_value=MAX_SEATS)
    examples = forms.IntegerField(
        label=gettext_lazy("Worked examples"), min_value=LEAST, max_value=MOST,
        help_text=gettext_lazy("Known tasks, those with an explanation first. They are mixed in with work no more."),
    )  # fmt: skip
    base_micro = MoneyField(
        label=gettext_lazy("Pay for each example"), help_text=gettext_lazy("No less than the wage floor.")
    )


@page("GET", "HEAD", "POST")
def training(request: Request, project_id: int) -> HttpResponse:
    is_post = request.method == "POST"
    with transaction.atomic():
        project = get_project_for(request.user, project_id, write=is_post, lock=is_post)
        form = TrainingForm(typed(request), initial={"seats": 20, "examples": 10, "base_micro": least_micro(project)})
        if is_post and form.is_valid():
            try:
                batch = open_training(request.user, project, **form.cleaned_data)
            except DomainError as refusal:
                transaction.set_rollback(True)
                refuse(form, refusal)
            else:
                messages.success(request, _("The training is open: people see it beside your work."))
                return redirect("console:batch", batch.pk)
    context = {
        "project": project,
        "form": form,
        "running": running_training(project),
        "known": known_for_training(project).count(),
        "least": LEAST,
        "currency": settings.CURRENCY,
    }
    return render(request, "console/training.html", context, status=400 if form.errors else 200)
