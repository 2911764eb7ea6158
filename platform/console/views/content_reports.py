"""What people met in tasks and were not warned of: an admin looks, and says what the project has to warn of."""

from __future__ import annotations

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from console.display_names import CONTENT
from console.request import Request
from console.view_decorators import attempt, page
from labelling.access import get_project_for
from labelling.content_reports import decide_content, projects_reported


@page(role="admin")
def content_reports(request: Request) -> HttpResponse:
    return render(request, "console/content_reports.html", {"projects": projects_reported(), "content": CONTENT})


@page("POST", role="admin")
def decide(request: Request, project_id: int) -> HttpResponse:
    with transaction.atomic():
        project = get_project_for(request.user, project_id, lock=True)
        found = request.POST.getlist("warnings")
        done = _("The project warns of it now, and its owners are told.") if found else _("Nothing is changed.")
        attempt(request, lambda: decide_content(request.user, project, found), done)
    return redirect("console:content_reports")
