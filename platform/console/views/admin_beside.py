"""Two workers' answers to the same items, side by side: what stands behind a flag of copying."""

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import render

from console.answer_rendering import label_names, say, show
from console.paging import page_of, whole_number
from console.request import Request
from console.view_decorators import page
from labelling.models import Answer
from people.access import get_any_worker_for
from people.models import Worker

CARDS = 12
_WRONG = Q(gold_right=False) | Q(gold_right=None, item__decision__isnull=False) & ~Q(value=F("item__decision__value"))
OF = {"same-wrong": _WRONG & Q(is_same=True), "same": Q(is_same=True), "different": Q(is_same=False)}


@page(role="admin")
def beside(request: Request, worker_id: int, other_id: int) -> HttpResponse:
    worker, other = get_any_worker_for(request.user, worker_id), get_any_worker_for(request.user, other_id)
    project_id = whole_number(request.GET.get("project"))
    which = request.GET.get("which", "")
    rows = _shared(worker, other, project_id)
    found = page_of(rows.filter(OF.get(which, Q())), request, CARDS, key="seq")
    theirs = {a.item_id: a for a in Answer.objects.filter(worker=other, item__in=[a.item_id for a in found.rows])}
    context = {
        "worker": worker,
        "other": other,
        "page": found,
        "cards": [_card(answer, theirs[answer.item_id], request.LANGUAGE_CODE) for answer in found.rows],
        "counts": rows.aggregate(
            shared=Count("pk"),
            same=Count("pk", filter=Q(is_same=True)),
            same_wrong=Count("pk", filter=_WRONG & Q(is_same=True)),
        ),
        "which": which,
        "project": project_id,
    }
    return render(request, "console/admin_beside.html", context)


def _shared(worker: Worker, other: Worker, project_id: int | None) -> QuerySet[Answer]:
    """The worker's answers to items that the other answered too, with `is_same`: word for word, or mark for mark."""
    theirs = Answer.objects.filter(worker=other, item=OuterRef("item"))
    rows = Answer.objects.filter(Exists(theirs), worker=worker)
    rows = rows.filter(project=project_id) if project_id is not None else rows
    return rows.annotate(is_same=Exists(theirs.filter(body_sha256=OuterRef("body_sha256")))).select_related(
        "item__media", "item__gold", "item__decision", "project"
    )


def _card(answer: Answer, theirs: Answer, language: str) -> dict:
    names, project = label_names(answer.project, language), answer.project
    gold, decision = getattr(answer.item, "gold", None), getattr(answer.item, "decision", None)
    truth = gold.truth if gold else decision.value if decision else None
    return {
        "row": answer,
        "theirs": theirs,
        "shown": show(answer.item),
        "said": say(project, answer.value, names),
        "other_said": say(project, theirs.value, names),
        "truth": say(project, truth, names) if truth else None,
        "is_gold": gold is not None,
        "wrong": truth is not None and answer.value != truth,
        "apart_s": abs((answer.received_at - theirs.received_at).total_seconds()),
    }
