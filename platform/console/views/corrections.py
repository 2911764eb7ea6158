"""A person puts an item right, on its own page: its label, its known answer."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from consensus.app.actions.review_item import correct_label
from consensus.app.actions.undo_review import undo_review
from console.correcting import Tried
from console.editors import read_answer
from console.request import Request
from console.view_decorators import attempt, page
from console.views.items import item_page
from kernel.errors import DomainError, NotFound
from labelling.access import get_decision_to_correct, get_item_for
from labelling.gold.retire_gold import retire_gold
from labelling.gold.set_gold import set_gold
from labelling.models import Decision, Gold, Item
from people.models import Person


@page("POST")
def correct(request: Request, item_id: int) -> HttpResponse:
    get_decision_to_correct(request.user, item_id)
    written, reason = request.POST.get("value", ""), request.POST.get("reason", "")
    return _tried(
        request, item_id,
        lambda: correct_label(request.user, item_id, read_answer(written), reason),
        _("Corrected. Nobody's pay changes."), "label", reason,
    )  # fmt: skip


@page("POST")
def undo(request: Request, item_id: int) -> HttpResponse:
    done = _("Undone: what the crowd decided stands again.")
    attempt(request, lambda: undo_review(request.user, item_id), done)
    return redirect("console:item", item_id)


@page("POST")
def make_gold(request: Request, item_id: int) -> HttpResponse:
    """What she wrote, or else what stands as its label, becomes its known answer."""
    item = get_item_for(request.user, item_id, write=True)
    stands = _stands(item)
    written, why = request.POST.get("value"), request.POST.get("explanation", "").strip()
    return _tried(
        request, item_id,
        lambda: set_gold(request.user, item, stands if written is None else read_answer(written), why),
        _("It is a known task now: it is mixed in unseen."), "gold", why,
    )  # fmt: skip


def _stands(item: Item) -> dict:
    decided = Decision.objects.filter(item=item).values_list("value", flat=True).first()
    known = decided or Gold.objects.filter(item=item).values_list("truth", flat=True).first()
    if known is None:
        raise NotFound()
    return known


@page("POST")
def retire(request: Request, item_id: int) -> HttpResponse:
    item = get_item_for(request.user, item_id, write=True)
    attempt(request, lambda: retire_gold(request.user, item), _("It is no known task any more: it is work again."))
    return redirect("console:item", item_id)


def _tried(request: Request, item_id: int, verb: Callable[[], object], done: str, what: str, why: str) -> HttpResponse:
    """What is wrongly written comes back as it was written, with the sentence beside it; all else is said on the item's page."""
    try:
        with transaction.atomic():
            verb()
    except DomainError as refusal:
        if refusal.status in (403, 404):
            raise
        if refusal.status == 400 and _may_look(request.user, item_id):
            tried = Tried(what, request.POST.get("value", ""), why, refusal)
            return item_page(request, get_item_for(request.user, item_id), tried)
        messages.error(request, str(refusal))
    else:
        messages.success(request, done)
    return redirect("console:item", item_id)


def _may_look(actor: Person, item_id: int) -> bool:
    """A reviewer may correct what she has no page of."""
    try:
        get_item_for(actor, item_id)
    except NotFound:
        return False
    return True
