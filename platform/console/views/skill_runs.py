"""Skills of a large project are learned over many processes: where that stands, and to stop it."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from consensus.app.actions.skill_runs import cancel_run
from consensus.app.models import SkillRun
from console.request import Request
from console.view_decorators import attempt, page
from kernel.errors import Conflict
from labelling.access import get_project_for
from labelling.models import Project


def run_of(project: Project) -> SkillRun | None:
    """The run that is under way."""
    return project.skill_runs.filter(state=SkillRun.State.RUNNING).defer("annotators", "config").first()


@page("POST")
def cancel(request: Request, project_id: int) -> HttpResponse:
    def verb():
        project = get_project_for(request.user, project_id, write=True)
        run = run_of(project)
        if run is None or not cancel_run(request.user, run):
            raise Conflict(_("No skills are being learned now, so there is nothing to stop."), code="nothing_runs")

    attempt(request, verb, _("Stopped. Decisions go on with the skills that were known before."))
    return redirect("console:project", project_id)
