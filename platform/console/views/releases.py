from django.http import FileResponse, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from console.answer_rendering import label_names
from console.paging import page_of
from console.request import Request
from console.view_decorators import attempt, page
from labelling.access import get_project_for, get_release_for
from labelling.data.items import percent_ppm
from labelling.formats import exports_for
from labelling.models import Batch, Dataset, Decision, Project, Release
from labelling.releases.create_release import create_release
from labelling.releases.download_release import download_release


@page("GET", "HEAD", "POST")
def release_list(request: Request, project_id: int) -> HttpResponse:
    if request.method == "POST":
        project = get_project_for(request.user, project_id, write=True)
        attempt(
            request, lambda: create_release(request.user, project, **_choice(request)), _("The release is being built.")
        )
        return redirect("console:releases", project_id)
    project = get_project_for(request.user, project_id)
    releases = page_of(Release.objects.filter(project=project, archived_at=None), request)
    last = next(iter(releases), None) if releases.is_first else None
    context = {
        "project": project,
        "golds": project.golds.filter(retired_at=None).count(),
        "building": any(release.state == "building" for release in releases),
        "with_gold": bool(last and last.wanted.get("gold")),  # as she chose it last
        "changed": _changed_since(project, last),
        "decided": Decision.objects.filter(project=project, final=True).count(),
        "formats": exports_for(project.task_type, project.medium),
        "names": label_names(project, request.LANGUAGE_CODE),
        "datasets": Dataset.objects.filter(project=project, archived_at=None).order_by("-pk")[:50],
        "batches": Batch.objects.filter(project=project, archived_at=None).exclude(state="draft").order_by("-pk")[:50],
        "page": releases,
    }
    return render(request, "console/releases.html", context)


def _changed_since(project: Project, last: Release | None) -> int:
    """Labels that were decided, or put right, after the newest release was asked for."""
    final = Decision.objects.filter(project=project, final=True)
    return final.filter(decided_at__gt=last.created_at).count() if last else 0


def _choice(request: Request) -> dict:
    """What the form says, as the verb takes it."""
    sent = request.POST
    choice: dict = {name: True for name in ("gold", "undecided") if sent.get(name)}
    choice |= {name: sent.getlist(name) for name in ("labels",) if sent.getlist(name)}
    for name in ("datasets", "batches"):
        if ids := [int(one) for one in sent.getlist(name) if one.isascii() and one.isdigit() and len(one) < 19]:
            choice[name] = ids
    if least := sent.get("confidence_from", "").strip().replace(",", "."):
        choice["confidence_from_ppm"] = percent_ppm(least)
    return choice


@page()
def download(request: Request, release_id: int) -> HttpResponse | StreamingHttpResponse | FileResponse:
    release = get_release_for(request.user, release_id)
    made = download_release(request.user, release, request.GET.get("format", "jsonl"))
    response = StreamingHttpResponse(made.chunks, content_type=made.content_type)
    response["Content-Disposition"] = f'attachment; filename="{made.file_name}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response
