"""What the label API did: the model's share, how right it was measured to be, how fast, and at what cost."""

from __future__ import annotations

from django.conf import settings
from django.db.models import Avg, Count, ExpressionWrapper, F, FloatField, Q, Sum
from django.db.models.functions import Extract, TruncHour
from django.http import HttpResponse
from django.shortcuts import render

from consensus.core.answers.shares import wilson_interval
from console.answer_rendering import label_names, say, spark
from console.paging import page_of
from console.request import Request
from console.view_decorators import page
from console.views.label_promises import seen
from labelling.access import get_project_for
from labelling.models import LabelRequest, Project
from ml_assist.guesses import guess_figures
from ml_assist.models import ModelVersion, TrainingRun

_LATENCY_S = ExpressionWrapper(Extract(F("answered_at") - F("requested_at"), "epoch"), output_field=FloatField())


def label_figures(project: Project) -> dict:
    model, crowd = Q(source="model"), Q(source="crowd")
    found = LabelRequest.objects.filter(project=project).aggregate(
        asked=Count("pk"),
        answered=Count("pk", filter=Q(answered_at__isnull=False)),
        by_model=Count("pk", filter=model),
        by_crowd=Count("pk", filter=crowd),
        checked=Count("pk", filter=model & Q(audit_right__isnull=False)),
        being_checked=Count("pk", filter=model & Q(audit=True, audit_right=None)),
        right=Count("pk", filter=model & Q(audit_right=True)),
        model_s=Avg(_LATENCY_S, filter=model),
        crowd_s=Avg(_LATENCY_S, filter=crowd),
        spent_micro=Sum("cost_micro"),
    )
    each = found["spent_micro"] // found["answered"] if found["answered"] else None
    interval = wilson_interval(found["right"], found["checked"]) if found["checked"] else None
    if found["model_s"] is not None:
        found["model_s"] = max(found["model_s"], 0.0)  # a row is written a moment after the model has answered
    return found | {"interval": interval, "each_micro": each, "currency": settings.CURRENCY}


def model_share_over_time(project: Project) -> list[float]:
    """Share of answered requests that the model answered, in per cent, hour by hour of the last 72 with requests."""
    answered = LabelRequest.objects.filter(project=project, answered_at__isnull=False)
    hours = (
        answered.annotate(hour=TruncHour("requested_at"))
        .values("hour")
        .annotate(n=Count("pk"), by_model=Count("pk", filter=Q(source="model")))
        .order_by("-hour")[:72]
    )
    return [100 * hour["by_model"] / hour["n"] for hour in reversed(hours)]


@page()
def label_api(request: Request, project_id: int) -> HttpResponse:
    project = get_project_for(request.user, project_id)
    names = label_names(project, request.LANGUAGE_CODE)
    # A label request's id is no number that grows, and several may be asked for at one moment.
    asked = LabelRequest.objects.filter(project=project)
    recent = page_of(asked, request, key=("requested_at", "pk"), prefix="asked_")
    shares = model_share_over_time(project)
    figures = label_figures(project)
    low, high = figures["interval"] or (None, None)
    context = {
        "project": project,
        "figures": figures,
        "interval_low": None if low is None else f"{100 * low:.1f}",
        "interval_high": None if high is None else f"{100 * high:.1f}",
        "curve": spark(shares),
        "requests": [{"row": row, "said": say(project, row.value, names)} for row in recent],
        "asked": recent,
        "versions": page_of(ModelVersion.objects.filter(project=project), request, 10),
        "guesses": guess_figures(project),
        "last_run": TrainingRun.objects.filter(project=project).order_by("-pk").first(),
        "public_url": settings.PUBLIC_URL,
    } | seen(project)
    return render(request, "console/label_api.html", context)
