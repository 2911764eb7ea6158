"""The page on which the questions of a form are written."""

from __future__ import annotations

import re

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from console.question_cards import Card, cards_of, cards_typed, told
from console.request import Request
from console.view_decorators import page
from kernel.errors import DomainError, NotFound
from labelling import task_types
from labelling.access import get_project_for
from labelling.models import Project
from labelling.projects.edit_project import edit_project
from labelling.task_types.label_names import labels_within, name_of, same_name

_PLACE = re.compile(r"config\.questions\[(\d+)\]")


@page("GET", "HEAD", "POST")
def question_cards(request: Request, project_id: int) -> HttpResponse:
    is_post = request.method == "POST"
    project = get_project_for(request.user, project_id, write=is_post)
    if not task_types.get(project.task_type).is_composed:
        raise NotFound
    if not is_post:
        return _cards_page(request, project, cards_of(project))
    cards = cards_typed(project, request.POST)
    if told(request.POST)[0] != "save":
        return _cards_page(request, project, cards)
    if False in [card.is_valid() for card in cards]:
        return _cards_page(request, project, cards, status=400)
    try:
        _save(request, project_id, cards)
    except DomainError as refusal:
        return _cards_page(request, project, cards, refusal)
    messages.success(request, _("Saved. Tasks that are lent from now on ask it so."))
    return redirect("console:question_cards", project_id)


@transaction.atomic
def _save(request: Request, project_id: int, cards: list[Card]) -> None:
    project = get_project_for(request.user, project_id, write=True, lock=True)
    before = {same_name(name_of(label)): label for label in labels_within(project.config)}
    questions = [card.question(before) for card in cards]
    edit_project(request.user, project, config={**project.config, "questions": questions})


def _cards_page(
    request: Request, project: Project, cards: list[Card], refusal: DomainError | None = None, status: int = 200
) -> HttpResponse:
    """A refusal stands on the card that it is about."""
    place = _PLACE.match(refusal.field) if refusal else None
    on_card = int(place[1]) if place and int(place[1]) < len(cards) else None
    context = {
        "project": project,
        "cards": [{"n": n, "form": card, "refusal": refusal if n == on_card else None} for n, card in enumerate(cards)],
        "refusal": refusal if on_card is None else None,
        "may_add": len(cards) < 40,
    }
    return render(request, "console/question_cards.html", context, status=refusal.status if refusal else status)
