"""Instructions that are heard: what there is in each language, and a recording in place of it."""

from __future__ import annotations

from typing import BinaryIO, cast

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from console.request import Request
from console.view_decorators import attempt, page
from kernel.errors import DomainError
from labelling.access import get_project_for
from labelling.models import Project
from labelling.projects.spoken import MAX_MS, record_instructions, remove_recording, sounds_of


@page()
def sounds(request: Request, project_id: int) -> HttpResponse:
    project = get_project_for(request.user, project_id)
    context = {"project": project, "rows": sounds_of(project), "minutes": MAX_MS // 60_000}
    return render(request, "console/sounds.html", context)


@page("POST")
def change(request: Request, project_id: int, language: str) -> HttpResponse:
    """A file in place of what is there; or, without one, nothing any more."""
    project = get_project_for(request.user, project_id, write=True)
    if request.POST.get("act") == "remove":
        attempt(request, lambda: remove_recording(request.user, project, language), _("It is taken away."))
    else:
        _record(request, project, language)
    return redirect("console:sounds", project_id)


def _record(request: Request, project: Project, language: str) -> None:
    """Not in a transaction, as attempt() would: the file goes to storage."""
    file = request.FILES.get("file")
    if file is None:
        messages.error(request, _("Choose a sound first."))
        return
    try:
        record_instructions(request.user, project, language, cast(BinaryIO, file), file.name or "")
    except DomainError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("People hear it now, beside the text."))
