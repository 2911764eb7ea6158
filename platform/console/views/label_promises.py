"""A promise on what the label API gives: asked for, and ended."""

from __future__ import annotations

from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from console.promise_forms import LabelPromiseForm, promise
from console.request import Request
from console.view_decorators import attempt, page
from kernel.errors import NotFound
from labelling.access import get_project_for
from labelling.label_api.promise_file import signed
from labelling.label_api.promise_labels import end_promise, look_at, promise_labels
from labelling.models import LabelPromise, Project
from labelling.models.warranties import NOTHING_PPM


@page("POST")
def label_promise(request: Request, project_id: int) -> HttpResponse:
    project = get_project_for(request.user, project_id, write=True)
    if "end" in request.POST:
        attempt(request, lambda: end_promise(request.user, project), _("Noted."))
    else:
        asked = LabelPromiseForm(request.POST)
        promise(request, asked, lambda said: promise_labels(request.user, project, **said), _("Noted."))
    return redirect("console:label_api", project_id)


@page()
def label_promise_file(request: Request, project_id: int) -> HttpResponse:
    project = get_project_for(request.user, project_id)
    promised = LabelPromise.objects.filter(project=project).first()
    if promised is None:
        raise NotFound
    response = JsonResponse(signed(promised))
    response["Content-Disposition"] = f'attachment; filename="project-{project_id}-label-promise.json"'
    return response


def seen(project: Project) -> dict:
    """For the page."""
    promised = LabelPromise.objects.filter(project=project).first() if project.labels_promised else None
    if promised is None:
        return {}
    looked = look_at(promised)
    return {
        "promise": promised,
        "looked": looked,
        "alone": promised.threshold_ppm < NOTHING_PPM,
        "bound_ppm": round(1e6 * looked.found.bound),
        "model_ppm": round(1e6 * looked.found.share),
    }
