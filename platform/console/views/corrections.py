"""A person puts an item right, on its own page: its label, its known answer."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from consensus.app.actions.review_item import correct_label
from consensus.app.actions.undo_review import is_released, undo_review
from console.view_decorators import attempt, page
from kernel.errors import NotFound
from labelling import task_types
from labelling.access import get_decision_to_correct, get_item_for, projects_of
from labelling.gold.retire_gold import retire_gold
from labelling.gold.set_gold import set_gold
from labelling.models import Answer, Decision, Item
from labelling.models.reviewers import reviewer_id
from labelling.task_types.cells import Cell
from labelling.task_types.editing import NEW_ROWS, read_value, rows_of, shown
from labelling.task_types.task_type import TaskType
from people.models import Person


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
        "rows": _rows(task_types.get(item.project.task_type), value),
        "review": review,
        "can_undo": mine and not is_released(decision),
    }


def _rows(kind: TaskType, value: dict) -> list[dict[str, Any]]:
    """The form: one row for an answer that is one thing, else a row a mark, with some empty ones behind them."""
    if kind.marks is None:
        held = shown(kind, value)
        return [{"cells": [{"cell": cell, "name": cell.name, "value": held.get(cell.name, "")} for cell in kind.cells]}]
    found = rows_of(kind, value)
    return [
        {"n": n, "new": n >= len(found), "cells": [_cell(cell, n, row) for cell in kind.cells]}
        for n, row in enumerate([*found, *({} for _ in range(NEW_ROWS))])
    ]


def _cell(cell: Cell, n: int, row: dict[str, str]) -> dict[str, Any]:
    return {"cell": cell, "name": f"{cell.name}_{n}", "value": row.get(cell.name, "")}


@page("POST")
def correct(request: HttpRequest, item_id: int) -> HttpResponse:
    decision = get_decision_to_correct(request.user, item_id)
    value = read_value(task_types.get(decision.project.task_type), request.POST)
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
        raise NotFound()
    why = request.POST.get("explanation", "").strip()[:2000]
    done = _("It is a known task now: it is mixed in unseen.")
    attempt(request, lambda: set_gold(request.user, item, decision.value, why), done)
    return redirect("console:item", item_id)


@page("POST")
def retire(request: HttpRequest, item_id: int) -> HttpResponse:
    item = get_item_for(request.user, item_id, write=True)
    attempt(request, lambda: retire_gold(request.user, item), _("It is no known task any more: it is work again."))
    return redirect("console:item", item_id)
