"""A person puts an item right, on its own page: its label, its known answer."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from consensus.app.actions.review_item import correct_label
from consensus.app.actions.undo_review import is_released, undo_review
from console.pages import attempt, page
from kernel.refusals import NotYours
from labelling.access import get_decision_to_correct, get_item_for, projects_of
from labelling.data.add_items import set_gold
from labelling.gold.retire_gold import retire_gold
from labelling.models import Answer, Decision, Item
from labelling.models.reviewers import reviewer_id
from people.models import Person

MOST_BOXES, NEW_BOXES = 500, 2
_EDGES = ("x", "y", "width", "height")


def correction_of(actor: Person, item: Item, decision: Decision | None, start: str) -> dict[str, Any] | None:
    """What the item's page needs to correct it; nothing for who may only look, and for who answered it herself."""
    if not projects_of(actor, write=True).filter(pk=item.project_id).exists():
        return None
    value = decision.value if decision else {}
    if start:
        given = {str(pk): said for pk, said in Answer.objects.filter(item=item).values_list("pk", "value")}
        value = given.get(start, value)
    review = (decision.detail.get("review") or {}) if decision else {}
    mine = decision is not None and decision.source == "reviewer" and review.get("by") == reviewer_id(actor)
    return {
        "labels": item.project.config.get("labels", []),
        "value": value,
        "boxes": [*({"n": n, **box} for n, box in enumerate(value.get("boxes", [])))],
        "new": [{"n": len(value.get("boxes", [])) + n} for n in range(NEW_BOXES)],
        "review": review,
        "can_undo": mine and not is_released(decision),
    }


@page("POST")
def correct(request: HttpRequest, item_id: int) -> HttpResponse:
    decision = get_decision_to_correct(request.user, item_id)
    value = read_value(decision.project.task_type, request.POST)
    reason = request.POST.get("reason", "")
    attempt(request, lambda: correct_label(request.user, item_id, value, reason), _("Corrected. Nobody's pay changes."))
    return redirect("console:item", item_id)


@page("POST")
def undo(request: HttpRequest, item_id: int) -> HttpResponse:
    done = _("Undone: what the crowd decided stands again.")
    attempt(request, lambda: undo_review(request.user, item_id), done)
    return redirect("console:item", item_id)


@page("POST")
def make_gold(request: HttpRequest, item_id: int) -> HttpResponse:
    """What stands as its label becomes its known answer."""
    item = get_item_for(request.user, item_id, write=True)
    decision = Decision.objects.filter(item=item).first()
    if decision is None:
        raise NotYours()
    why = request.POST.get("explanation", "").strip()[:2000]
    done = _("It is a known task now: it is mixed in unseen.")
    attempt(request, lambda: set_gold(request.user, item, decision.value, why), done)
    return redirect("console:item", item_id)


@page("POST")
def retire(request: HttpRequest, item_id: int) -> HttpResponse:
    item = get_item_for(request.user, item_id, write=True)
    attempt(request, lambda: retire_gold(request.user, item), _("It is no known task any more: it is work again."))
    return redirect("console:item", item_id)


def read_value(task_type: str, typed: QueryDict) -> dict:
    """What was typed, in the shape of an answer; what is wrong with it is the verb's to say."""
    if task_type == "text":
        return {"text": typed.get("text", "")}
    if task_type != "boxes":
        return {"label": typed.get("label", "")}
    rows = [n for n in range(MOST_BOXES + NEW_BOXES) if typed.get(f"width_{n}", "").strip()]
    return {"boxes": [_box(typed, n) for n in rows if f"drop_{n}" not in typed]}


def _box(typed: QueryDict, n: int) -> dict:
    edges = {name: _number(typed.get(f"{name}_{n}", "")) for name in _EDGES}
    return {"label": typed.get(f"label_{n}", ""), **edges}


def _number(text: str) -> int | str:
    return int(text) if text.strip().isascii() and text.strip().isdigit() and len(text) < 10 else text
