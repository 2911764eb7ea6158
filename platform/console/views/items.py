"""Labels, and what stands behind each: every answer side by side."""

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from console.drawing import label_names, say, show
from console.pages import page
from console.paging import page_of
from labelling.access import decisions_to_review, get_item_for, get_project_for
from labelling.models import Answer, Decision, Item, Project

DISPUTED_PER_PAGE = 8
UNANIMOUS_PPM = 1_000_000


def with_answers(decisions: list[Decision], project: Project, language: str) -> list[dict]:
    """Decisions with their item, what was decided, and each worker's answer. Two queries for any number of them."""
    names = label_names(project, language)
    items = {
        item.pk: item for item in Item.objects.filter(pk__in=[d.item_id for d in decisions]).select_related("media")
    }
    answers: dict[int, list[dict]] = {}
    found = Answer.objects.filter(item__in=items).select_related("worker", "settlement").order_by("seq")
    for answer in found:
        said = say(project.task_type, answer.value, names)
        answers.setdefault(answer.item_id, []).append({"row": answer, "said": said})
    return [
        {
            "decision": decision,
            "shown": show(items[decision.item_id]),
            "said": say(project.task_type, decision.value, names),
            "answers": answers.get(decision.item_id, []),
        }
        for decision in decisions
    ]


@page()
def disputed(request: HttpRequest, project_id: int) -> HttpResponse:
    """Where people differ or it is not sure enough; least sure first."""
    project = get_project_for(request.user, project_id)
    doubtful = Q(confidence_ppm__lt=project.target_ppm) | Q(agreement_ppm__lt=UNANIMOUS_PPM)
    unsure = Decision.objects.filter(doubtful, project=project, answers_used__gt=1).order_by("confidence_ppm", "pk")
    asked = request.GET.get("from", "0")
    offset = min(int(asked), 10_000) if asked.isdecimal() and len(asked) < 10 else 0
    found = list(unsure[offset : offset + DISPUTED_PER_PAGE + 1])
    cards = with_answers(found[:DISPUTED_PER_PAGE], project, request.LANGUAGE_CODE)
    after = offset + DISPUTED_PER_PAGE if len(found) > DISPUTED_PER_PAGE else None
    before = offset - DISPUTED_PER_PAGE if offset else None
    to_review = decisions_to_review(request.user).filter(project=project).count()
    context = {"project": project, "cards": cards, "after": after, "before": before, "to_review": to_review}
    return render(request, "console/disputed.html", context)


@page()
def labels(request: HttpRequest, project_id: int) -> HttpResponse:
    project = get_project_for(request.user, project_id)
    names = label_names(project, request.LANGUAGE_CODE)
    decisions = Decision.objects.filter(project=project).select_related("item__media")
    label, state = request.GET.get("label", ""), request.GET.get("state", "")
    if label in names and project.task_type == "choice":
        decisions = decisions.filter(value__label=label)
    decisions = decisions.filter(**_STATES.get(state, {}))
    wanted = request.GET.get("q", "").strip()[:200]
    decisions = decisions.filter(item__external_id__icontains=wanted) if wanted else decisions
    found = page_of(decisions, request)
    rows = [{"decision": d, "shown": show(d.item), "said": say(project.task_type, d.value, names)} for d in found.rows]
    context = {"project": project, "page": found, "rows": rows, "names": names, "label": label, "state": state}
    context |= {"q": wanted}
    return render(request, "console/labels.html", context)


_STATES = {
    "sure": {"final": True, "sure": True},
    "unsure": {"final": True, "sure": False},
    "open": {"final": False},
    "model": {"source": Decision.Source.MODEL},
    "reviewed": {"source": Decision.Source.REVIEWER},
}


@page()
def item(request: HttpRequest, item_id: int) -> HttpResponse:
    item = get_item_for(request.user, item_id)
    decision = Decision.objects.filter(item=item).first()
    names = label_names(item.project, request.LANGUAGE_CODE)
    answers = Answer.objects.filter(item=item).select_related("worker", "settlement").order_by("seq")
    suggestion = item.suggestions.order_by("-pk").first()
    context = {
        "project": item.project,
        "shown": show(item),
        "decision": decision,
        "said": say(item.project.task_type, decision.value, names) if decision else None,
        "answers": [{"row": a, "said": say(item.project.task_type, a.value, names)} for a in answers],
        "suggestion": suggestion,
        "suggested": say(item.project.task_type, suggestion.value, names) if suggestion else None,
    }
    return render(request, "console/item.html", context)
