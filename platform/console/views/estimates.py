"""Numbers about a project: asked for, and watched until they are exact enough."""

from __future__ import annotations

from django.conf import settings
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render

from console.answer_rendering import label_names
from console.estimate_forms import EstimateForm
from console.forms import refuse
from console.paging import page_of
from console.request import Request
from console.view_decorators import page, typed
from kernel.errors import DomainError
from labelling.access import get_estimate_for, get_project_for
from labelling.estimates.ask_estimate import ask_estimate
from labelling.estimates.look import half_width_ppm, look_at
from labelling.models import Estimate


@page("GET", "HEAD", "POST")
def estimates(request: Request, project_id: int) -> HttpResponse:
    project = get_project_for(request.user, project_id, write=request.method == "POST")
    form = EstimateForm(typed(request))
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                locked = get_project_for(request.user, project_id, write=True, lock=True)
                return redirect("console:estimate", ask_estimate(request.user, locked, **form.wanted()).pk)
        except DomainError as refusal:
            if refusal.status in (403, 404):
                raise
            refuse(form, refusal)
    rows = page_of(Estimate.objects.filter(project=project).select_related("batch"), request)
    names = label_names(project, request.LANGUAGE_CODE)
    context = {
        "project": project, "form": form, "page": rows, "currency": settings.CURRENCY,
        "rows": [{"row": row, "what": what_of(row, names)} for row in rows],
    }  # fmt: skip
    return render(request, "console/estimates.html", context, status=400 if form.errors else 200)


@page()
def estimate(request: Request, estimate_id: int) -> HttpResponse:
    asked = get_estimate_for(request.user, estimate_id)
    found = look_at(asked)
    names = label_names(asked.project, request.LANGUAGE_CODE)
    shares = asked.of != Estimate.Of.MEAN
    context = {
        "project": asked.project, "asked": asked, "what": what_of(asked, names), "shares": shares, "found": found,
        "value": _said(found.value, shares), "low": _said(found.low, shares), "high": _said(found.high, shares),
        "half_now_ppm": half_width_ppm(asked, found),
    }  # fmt: skip
    return render(request, "console/estimate.html", context)


def what_of(asked: Estimate, names: dict) -> str:
    return names.get(asked.what, (asked.what, ""))[0]


def _said(number: float, share: bool) -> str:
    return f"{100 * number:.1f} %" if share else f"{number:.2f}"
