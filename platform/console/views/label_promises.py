"""A promise on what the label API gives: asked for, and ended."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from console.request import Request
from console.view_decorators import attempt, page
from kernel.errors import DomainError
from kernel.money import NoAmount, read_micro
from labelling.access import get_project_for
from labelling.data.items import percent_ppm
from labelling.label_api.promise_labels import MOST_MICRO, end_promise, look_at, promise_labels
from labelling.models import LabelPromise, Project
from labelling.models.warranties import NOTHING_PPM

FIELDS = {"error": "error_ppm", "confidence": "confidence_ppm", "reference": "reference_error_ppm"}


@page("POST")
def label_promise(request: Request, project_id: int) -> HttpResponse:
    project = get_project_for(request.user, project_id, write=True)
    if "end" in request.POST:
        attempt(request, lambda: end_promise(request.user, project), _("Noted."))
    else:
        attempt(request, lambda: promise_labels(request.user, project, **_said(request)), _("Noted."))
    return redirect("console:label_api", project_id)


def _said(request: Request) -> dict[str, int]:
    shares = {name: request.POST.get(name, "").strip().replace(",", ".") for name in FIELDS}
    given = {FIELDS[name]: percent_ppm(share, FIELDS[name]) for name, share in shares.items() if share}
    if "error_ppm" not in given:
        raise DomainError("error_ppm is missing: say how many labels may be wrong.", field="error_ppm")
    if budget := request.POST.get("budget", "").strip():
        try:
            given["budget_micro"] = read_micro(budget)
        except NoAmount as refusal:
            bounds = {"name": "budget_micro", "least": 0, "most": MOST_MICRO}
            raise DomainError(
                "{name} must be a whole number from {least} to {most}.", field="budget_micro", said=bounds
            ) from refusal
    return given


def seen(project: Project) -> dict:
    """For the page."""
    promise = LabelPromise.objects.filter(project=project).first() if project.labels_promised else None
    if promise is None:
        return {}
    looked = look_at(promise)
    return {
        "promise": promise,
        "looked": looked,
        "alone": promise.threshold_ppm < NOTHING_PPM,
        "bound_ppm": round(1e6 * looked.found.bound),
        "model_ppm": round(1e6 * looked.found.share),
    }
