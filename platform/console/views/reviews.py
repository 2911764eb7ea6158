"""Review: a person decides what the crowd could not be sure of, an item a page, its answers side by side."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from consensus.app.actions.review_item import AS_DECIDED, CANNOT_BE_TOLD, MAX_REASON, OTHER, review_item
from consensus.app.actions.undo_review import is_released, undo_review
from console.answer_rendering import label_names, say, show
from console.editors import Editor, editor_of, read_answer, task_of
from console.paging import whole_number
from console.request import Request
from console.together import together
from console.view_decorators import attempt, page
from console.views.projects import instructions_of
from kernel.errors import DomainError, NotFound
from labelling.access import decisions_to_review, get_decision_to_review, get_review_of, require_review
from labelling.models import Answer, Decision, Item, Project

PER_PAGE = 20
MAX_COUNTED = 1000


@page()
def review_list(request: Request) -> HttpResponse:
    """What waits for a review, least sure first."""
    require_review(request.user)
    rows = _after(_waiting(request), request.GET.get("after", ""))
    found = list(rows.select_related("project", "item__media")[: PER_PAGE + 1])
    more, found = len(found) > PER_PAGE, found[:PER_PAGE]
    context = {
        "cards": [_card(decision, request.LANGUAGE_CODE) for decision in found],
        "next": _cursor(found[-1]) if more else None,
        "is_first": not request.GET.get("after"),
        "left": _left(request),
        "saved": _saved(request),
        "projects": Project.objects.filter(pk__in=decisions_to_review(request.user).values("project")).order_by(
            "title"
        ),
        "project": _project(request),
        "keep": "" if _project(request) is None else f"?{urlencode({'project': _project(request)})}",
    }
    return render(request, "console/reviews.html", context)


def _project(request: Request) -> int | None:
    """The one project that the reviewer keeps to, if she chose one."""
    return whole_number(request.GET.get("project"))


def _waiting(request: Request) -> QuerySet[Decision]:
    """What waits for this reviewer, in the project that she chose."""
    waiting, project = decisions_to_review(request.user), _project(request)
    return waiting if project is None else waiting.filter(project=project)


def _address(request: Request, name: str, *args: object, **query: object) -> str:
    """Of a page of the review, which keeps to the chosen project."""
    query |= {} if _project(request) is None else {"project": _project(request)}
    return reverse(name, args=args) + (f"?{urlencode(query)}" if query else "")


@page("GET", "HEAD", "POST")
def review(request: Request, item_id: int) -> HttpResponse:
    decision = get_decision_to_review(request.user, item_id)
    if request.method == "POST":
        return _send(request, decision)
    if decision.source == Decision.Source.REVIEWER:
        messages.info(request, _("This item is reviewed already."))
        return redirect("console:reviews")
    return _one(request, decision)


@page("POST")
def undo(request: Request, item_id: int) -> HttpResponse:
    done = _("Undone: what the crowd decided stands again.")
    if attempt(request, lambda: undo_review(request.user, item_id), done):
        return redirect("console:review", item_id)
    return redirect("console:reviews")


def _send(request: Request, decision: Decision) -> HttpResponse:
    """Then the next one; a form that was filled in wrongly comes back with a sentence at the field."""
    choice, reason = request.POST.get("choice", ""), request.POST.get("reason", "")
    try:
        value = read_answer(request.POST.get("value", "")) if choice == OTHER else None
        review_item(request.user, decision.item_id, choice, reason, value)
    except DomainError as refusal:
        if refusal.status != 400:
            raise
        return _one(request, decision, refusal)
    return redirect(_next_url(request, decision, saved=decision.item_id))


def _one(request: Request, decision: Decision, refusal: DomainError | None = None) -> HttpResponse:
    project = decision.project
    item = Item.objects.select_related("media").get(pk=decision.item_id)
    options = _options(decision, label_names(project, request.LANGUAGE_CODE))
    context = {
        "project": project,
        "decision": decision,
        "shown": show(item),
        "options": options,
        "together": together([("", one["said"]) for one in options if one["said"]]),
        "task": task_of(project, item),
        "editor": _editor(request, decision, options, refusal),
        "instructions": instructions_of(project, request.LANGUAGE_CODE),
        "left": _left(request),
        "skip": _next_url(request, decision),
        "here": _address(request, "console:review", decision.item_id),
        "list": _address(request, "console:reviews"),
        "saved": _saved(request),
        "refusal": refusal,
        "chosen": request.POST.get("choice", ""),
        "reason": request.POST.get("reason", ""),
        "max_reason": MAX_REASON,
    }
    return render(request, "console/review.html", context, status=refusal.status if refusal else 200)


def _options(decision: Decision, names: dict) -> list[dict]:
    """Each different answer once, in the order in which they came, without who gave it: nobody's name should weigh here. What
    was decided stands among them, or after them when no worker said just that."""
    project = decision.project
    options: dict[str, dict] = {}
    for answer in Answer.objects.filter(item=decision.item_id).order_by("seq"):
        decided = answer.value == decision.value
        one = options.setdefault(
            answer.body_sha256,
            {
                "choice": AS_DECIDED if decided else str(answer.pk),
                "said": say(project, answer.value, names),
                "value": answer.value,
                "decided": decided,
                "n": 0,
            },
        )
        one["n"] += 1
    found = list(options.values())
    if not any(one["decided"] for one in found):
        said = say(project, decision.value, names)
        found.append({"choice": AS_DECIDED, "said": said, "value": decision.value, "decided": True, "n": 0})
    return [*found, {"choice": CANNOT_BE_TOLD, "said": None, "value": None}]


def _editor(request: Request, decision: Decision, options: list[dict], refusal: DomainError | None) -> Editor:
    """For the right answer where nobody gave it: it begins with what was decided, or with any of the answers."""
    starts = [(one["choice"], str(n), one["value"]) for n, one in enumerate(options, 1) if one["said"]]
    begun = next((one["value"] for one in options if one["choice"] == request.GET.get("start")), decision.value)
    problem = refusal if refusal and refusal.field not in ("choice", "reason") else None
    return editor_of(request.POST.get("value") or begun, starts, problem=problem)


def _card(decision: Decision, language: str) -> dict:
    names = label_names(decision.project, language)
    said = say(decision.project, decision.value, names, decision.item)
    return {"decision": decision, "shown": show(decision.item), "said": said}


def _left(request: Request) -> str:
    found = _waiting(request).order_by()[: MAX_COUNTED + 1].count()
    return f"{MAX_COUNTED}+" if found > MAX_COUNTED else str(found)


def _saved(request: Request) -> dict | None:
    """What was sent just now, and whether it can be taken back."""
    item_id = whole_number(request.GET.get("saved"))
    if item_id is None:
        return None
    try:
        decision = get_review_of(request.user, item_id)
    except NotFound:
        return None
    names = label_names(decision.project, request.LANGUAGE_CODE)
    untold = decision.detail["review"]["choice"] == CANNOT_BE_TOLD
    said = None if untold else say(decision.project, decision.value, names)
    return {"item_id": decision.item_id, "said": said, "can_undo": not is_released(decision)}


def _next_url(request: Request, decision: Decision, **query: object) -> str:
    """The next one to look at; the list when this was the last."""
    following = _after(_waiting(request), _cursor(decision)).values_list("item_id", flat=True).first()
    if following is None:
        return _address(request, "console:reviews", **query)
    return _address(request, "console:review", following, **query)


def _cursor(decision: Decision) -> str:
    return f"{decision.confidence_ppm}-{decision.pk}"


def _after(rows: QuerySet[Decision], cursor: str) -> QuerySet[Decision]:
    """Least sure first, from after the decision that the cursor names."""
    sure, pk = (whole_number(part) for part in cursor.partition("-")[::2])
    if sure is not None and pk is not None:
        rows = rows.filter(Q(confidence_ppm__gt=sure) | Q(pk__gt=pk), confidence_ppm__gte=sure)
    return rows.order_by("confidence_ppm", "pk")
