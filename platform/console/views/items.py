"""Items, and what stands behind each label: every answer side by side."""

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render

from consensus.app.bars import bar_ppm_of
from consensus.app.models import SupersededDecision
from console.answer_rendering import label_names, say, show, with_part_media
from console.correcting import Tried, correction_of
from console.paging import neighbours, page_by_keys
from console.request import Request
from console.together import Together, together
from console.view_decorators import page
from kernel.errors import DomainError
from labelling.access import decisions_to_review, get_item_for, get_project_for
from labelling.data.items import find_items, with_figures
from labelling.models import Answer, Batch, Dataset, Decision, Gold, Item, Lease, Project

DISPUTED_PER_PAGE = 8
HISTORY = 50  # earlier decisions, reports, further rows of one item, each
UNANIMOUS_PPM = 1_000_000


def with_answers(decisions: list[Decision], project: Project, language: str) -> list[dict]:
    """Decisions with their item, what was decided, and each worker's answer. Two queries for any number of them."""
    names = label_names(project, language)
    items = {
        item.pk: item
        for item in with_part_media(
            list(Item.objects.filter(pk__in=[d.item_id for d in decisions]).select_related("media"))
        )
    }
    answers: dict[int, list[dict]] = {}
    found = Answer.objects.filter(item__in=items).select_related("worker", "settlement").order_by("seq")
    for answer in found:
        said = say(project, answer.value, names)
        answers.setdefault(answer.item_id, []).append({"row": answer, "said": said})
    return [
        {
            "decision": decision,
            "shown": show(items[decision.item_id]),
            "said": say(project, decision.value, names),
            "answers": answers.get(decision.item_id, []),
            "together": _together(answers.get(decision.item_id, [])),
        }
        for decision in decisions
    ]


def _together(answers: list[dict]) -> Together | None:
    return together([(one["row"].worker.pseudonym, one["said"]) for one in answers])


@page()
def disputed(request: Request, project_id: int) -> HttpResponse:
    """Where people differ or it is not sure enough; least sure first."""
    project = get_project_for(request.user, project_id)
    doubtful = Q(confidence_ppm__lt=bar_ppm_of(project)) | Q(agreement_ppm__lt=UNANIMOUS_PPM)
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


COLUMNS = ("label", "confidence", "agreement", "answers", "state", "source", "dataset", "added")
USUAL = ("label", "confidence", "agreement", "answers", "state")
METADATA_COLUMNS = 30


@page()
def item_list(request: Request, project_id: int) -> HttpResponse:
    """All items: found by words and by what is known of them, in an order, in the columns that she wants to see."""
    project = get_project_for(request.user, project_id)
    wanted, problem = _wanted(request), None
    try:
        rows, sort = find_items(project, wanted)
    except DomainError as refusal:
        problem, (rows, sort) = refusal, find_items(project, {})
    found = page_by_keys(rows, request, sort.keys, sort.ascending, with_figures)
    names = label_names(project, request.LANGUAGE_CODE)
    with_part_media(found.rows)
    shown = [{"item": row, "shown": show(row), "said": _said(project, row, names)} for row in found.rows]
    keys = sorted({key for row in found.rows for key in row.metadata})[:METADATA_COLUMNS]
    context = {
        "project": project, "page": found, "rows": shown, "names": names, "wanted": wanted, "problem": problem,
        "is_filtered": bool(wanted.keys() - {"sort"}), "columns": _columns(request, keys), "metadata_keys": keys,
        "batches": Batch.objects.filter(project=project, archived_at=None).exclude(state=Batch.State.DRAFT).order_by("-pk")[:100],
        "datasets": Dataset.objects.filter(project=project, archived_at=None).order_by("-pk")[:100],
        "query": request.GET.urlencode(),
    }  # fmt: skip
    return render(request, "console/items.html", context, status=problem.status if problem else 200)


def _wanted(request: Request) -> dict[str, str]:
    asked = {name: request.GET[name] for name in request.GET if name not in ("before", "after", "column", "start")}
    return {name: value for name, value in asked.items() if value.strip()}


def _columns(request: Request, keys: list[str]) -> list[str]:
    """Those that she ticked; a metadata column is written `metadata.<key>`."""
    known = [*COLUMNS, *(f"metadata.{key}" for key in keys)]
    asked = request.GET.getlist("column")
    return [name for name in known if name in asked] if asked else list(USUAL)


def _said(project: Project, row: Item, names):
    decision = getattr(row, "decision", None)
    return say(project, decision.value, names, row) if decision else None


@page()
def item(request: Request, item_id: int) -> HttpResponse:
    """One item with all that is known of it. The query is that of the list she came from: its order leads on."""
    return item_page(request, get_item_for(request.user, item_id))


def item_page(request: Request, item: Item, tried: Tried | None = None) -> HttpResponse:
    """`tried`: what she wanted to put right and could not."""
    project, names = item.project, label_names(item.project, request.LANGUAGE_CODE)

    def said(value):
        return say(project, value, names)

    decision = Decision.objects.filter(item=item).first()
    answers = list(Answer.objects.filter(item=item).select_related("worker", "settlement").order_by("seq"))
    shown_answers = [{"row": a, "said": said(a.value)} for a in answers]
    suggestion = item.suggestions.order_by("-pk").first()
    gold = Gold.objects.filter(item=item).first()
    history = SupersededDecision.objects.filter(item=item).order_by("-pk")[:HISTORY]
    before, behind = _beside(project, item, request)
    context = {
        "project": project, "item": item, "shown": show(item), "decision": decision,
        "said": said(decision.value) if decision else None,
        "answers": shown_answers, "together": _together(shown_answers),
        "suggestion": suggestion, "suggested": said(suggestion.value) if suggestion else None,
        "gold": gold, "truth": said(gold.truth) if gold else None,
        "history": [{"row": old, "said": said(old.value)} for old in history],
        "reports": Lease.objects.filter(item=item, state=Lease.State.REPORTED).select_related("worker").order_by("pk")[:HISTORY],
        "other_rows": item.rows.order_by("pk")[:HISTORY],
        "correction": correction_of(
            request.user, item, decision, gold, answers, request.GET.get("start", "")[:40], tried
        ),
        "before": before, "behind": behind, "query": request.GET.urlencode(),
    }  # fmt: skip
    return render(request, "console/item.html", context, status=tried.refusal.status if tried else 200)


def _beside(project: Project, item: Item, request: Request) -> tuple[int | None, int | None]:
    try:
        rows, sort = find_items(project, _wanted(request))
        return neighbours(rows, item, sort.keys, sort.ascending)
    except (DomainError, ObjectDoesNotExist):  # a query of her own making, or an item that is in no such order
        return None, None
