"""What workers say of a project and ask about it, with a place to answer; and, for admins, what is rated badly."""

from __future__ import annotations

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from console.paging import page_of
from console.request import Request
from console.view_decorators import attempt, page
from labelling.access import get_project_for, get_rating_for, get_task_question_for
from labelling.conduct.say_of_project import badly_rated, figures_of, reply
from labelling.models import TaskQuestion
from labelling.models.voices import told_ratings

MAX_QUESTIONS = 50


@page()
def voices(request: Request, project_id: int) -> HttpResponse:
    project = get_project_for(request.user, project_id)
    found = page_of(told_ratings().filter(project=project), request, 20)
    asked = TaskQuestion.objects.filter(project=project).order_by("replied_at", "-pk")
    context = {
        "project": project,
        "page": found,
        "figures": figures_of(project),
        "questions": asked[:MAX_QUESTIONS],
    }
    return render(request, "console/voices.html", context)


@page("POST")
def reply_to_rating(request: Request, rating_id: int) -> HttpResponse:
    with transaction.atomic():
        rating = get_rating_for(request.user, rating_id)
        words = str(request.POST.get("words", ""))
        attempt(request, lambda: reply(request.user, rating, words), _("Answered: who said it reads it."))
    return redirect("console:voices", rating.project_id)


@page("POST")
def reply_to_question(request: Request, task_question_id: int) -> HttpResponse:
    with transaction.atomic():
        asked = get_task_question_for(request.user, task_question_id)
        words = str(request.POST.get("words", ""))
        attempt(
            request, lambda: reply(request.user, asked, words), _("Answered: everybody who does this work reads it.")
        )
    return redirect("console:voices", asked.project_id)


@page(role="admin")
def rated_badly(request: Request) -> HttpResponse:
    return render(request, "console/rated_badly.html", {"rows": badly_rated()})
