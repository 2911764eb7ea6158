from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from console.pages import attempt, page
from console.paging import page_of
from labelling.access import get_project_for, get_release_for
from labelling.actions.create_release import create_release
from labelling.actions.download_release import download_release
from labelling.formats import exports_for
from labelling.models import Decision, Release


@page("GET", "HEAD", "POST")
def release_list(request: HttpRequest, project_id: int) -> HttpResponse:
    if request.method == "POST":
        project = get_project_for(request.user, project_id, write=True)
        attempt(request, lambda: create_release(request.user, project), _("The release is being built."))
        return redirect("console:releases", project_id)
    project = get_project_for(request.user, project_id)
    context = {
        "project": project,
        "decided": Decision.objects.filter(project=project, final=True).count(),
        "formats": [export.name for export in exports_for(project.task_type)],
        "page": page_of(Release.objects.filter(project=project, archived_at=None), request),
    }
    return render(request, "console/releases.html", context)


@page()
def download(request: HttpRequest, release_id: int) -> HttpResponse | StreamingHttpResponse | FileResponse:
    release = get_release_for(request.user, release_id)
    made = download_release(request.user, release, request.GET.get("format", "jsonl"))
    response = StreamingHttpResponse(made.chunks, content_type=made.content_type)
    response["Content-Disposition"] = f'attachment; filename="{made.file_name}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response
