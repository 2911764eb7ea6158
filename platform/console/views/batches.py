from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.db.models import Avg, Count
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from console.forms import BatchForm, refuse
from console.paging import page_of
from console.request import Request
from console.statistics import answered_in, forecast_of
from console.view_decorators import attempt, page
from kernel.errors import DomainError
from kernel.money import MICRO
from labelling import catalogue as ready_made
from labelling.access import get_batch_for, get_project_for
from labelling.batches import escrow, pay
from labelling.batches.copy_batch import copy_batch
from labelling.batches.create_batch import create_batch
from labelling.batches.open_batch import open_batch
from labelling.batches.pause_batch import pause_batch
from labelling.batches.recover_escrow import resume_batch
from labelling.batches.wage_floor import floor_micro, floor_of
from labelling.models import Answer, Batch, LabelRequest, Project
from labelling.models.golds import items_to_decide
from ledger.factories import escrow_of, fee_of, funds_of
from ledger.reading import balance
from people.access import sees_money
from people.models import Person

MEASURED_FROM = 20  # answers, before the measured time replaces the requester's estimate


def waiting_items(project: Project) -> int:
    """Items that a new batch would offer."""
    open_elsewhere = project.items.filter(batch_items__batch__state=Batch.State.OPEN)
    by_model = LabelRequest.objects.filter(project=project, source="model")
    waiting = items_to_decide(project).exclude(decision__final=True)
    return waiting.exclude(pk__in=open_elsewhere.values("pk")).exclude(pk__in=by_model.values("item")).count()


def meter(
    project: Project,
    base_micro: int,
    bonus_micro: int,
    items: int,
    max_answers: int | None = None,
    top_up_micro: int = 0,
) -> dict:
    """What a price means: wage, floor, and what must lie in escrow."""
    measured = Answer.objects.filter(project=project).aggregate(ms=Avg("active_ms"), n=Count("pk"))
    task_ms = project.estimated_task_s * 1000
    is_measured = measured["n"] >= MEASURED_FROM and measured["ms"]
    wage_ms = round(measured["ms"]) if is_measured else task_ms
    most = max_answers or project.max_answers
    draft = Batch(
        project=project, base_micro=base_micro, bonus_micro=bonus_micro, top_up_micro=top_up_micro, max_answers=most
    )
    floor, funds = floor_of(project.warnings), balance(funds_of(project.organisation_id), settings.CURRENCY)
    cost = escrow.escrow_micro(draft, items)
    return {
        "wage_micro": pay.wage_micro_per_hour(base_micro, wage_ms),
        "best_wage_micro": pay.wage_micro_per_hour(base_micro + bonus_micro, wage_ms),
        "floor_micro": floor,
        "is_below": (pay.wage_micro_per_hour(base_micro, task_ms) or 0) < floor,
        "least_micro": floor_micro(project.estimated_task_s * 1000, project.warnings),
        "task_ms": wage_ms,
        "is_measured": bool(is_measured),
        "items": items,
        "escrow_micro": cost,
        "funds_micro": funds,
        "missing_micro": -(-max(0, cost - funds) // MICRO) * MICRO,  # what a deposit is: whole units
        "currency": settings.CURRENCY,
    }


def _for(actor: Person, project: Project, prices: dict | None) -> dict | None:
    """The meter without what lies in the funds, for who has no hand in the money."""
    return prices and prices | ({} if sees_money(actor, project.organisation) else {"funds_micro": None})


def _prices(project: Project, form: BatchForm) -> dict | None:
    data = form.cleaned_data
    if (
        not data.get("base_micro")
        or min(data["base_micro"], *(data.get(one) or 0 for one in ("bonus_micro", "top_up_micro"))) < 0
    ):
        return None
    items = waiting_items(project)
    items = min(items, data.get("limit") or items)
    more = data.get("max_answers"), data.get("top_up_micro") or 0
    return meter(project, data["base_micro"], data.get("bonus_micro") or 0, items, *more)


@page("GET", "HEAD", "POST")
def batch_list(request: Request, project_id: int) -> HttpResponse:
    is_post = request.method == "POST"
    project = get_project_for(request.user, project_id, write=is_post)
    batches = page_of(Batch.objects.filter(project=project, archived_at=None), request, 20)
    last = next(iter(batches), None) if batches.is_first else None
    form = BatchForm(request.POST if is_post else None, initial=_initial(project, last))
    shown = form if is_post else BatchForm(form.as_typed())
    prices = _prices(project, shown) if shown.is_valid() else None  # before a refusal takes the price away
    if is_post and form.is_valid():
        try:
            return _create(request, project, form.cleaned_data)
        except DomainError as refusal:
            refuse(form, refusal)
    context = {
        "project": project,
        "form": form,
        "waiting": waiting_items(project),
        "meter": _for(request.user, project, prices),
        "page": batches,
    }
    return render(request, "console/batches.html", context, status=400 if form.errors else 200)


def _initial(project: Project, last: Batch | None) -> dict:
    """As the batch before it, or as the catalogue says."""
    kept = {name: getattr(project, name) for name in ("min_answers", "max_answers")}
    times = last or Batch(lease_s=settings.LEASE_S, pack_s=settings.PACK_LEASE_S)
    kept |= {"lease_s": times.lease_s, "pack_s": times.pack_s}
    if last is not None:
        return {
            "name": _("Batch"),
            "base_micro": last.base_micro,
            "bonus_micro": last.bonus_micro,
            "top_up_micro": last.top_up_micro,
            **kept,
        }
    entry = ready_made.entry(project.catalogue_entry) or {}
    base = max(entry.get("base_micro", 0), floor_micro(project.estimated_task_s * 1000, project.warnings))
    return {"name": _("Batch"), "base_micro": base, "bonus_micro": entry.get("bonus_micro", base // 3), **kept}


def _create(request: Request, project: Project, data: dict) -> HttpResponse:
    with transaction.atomic():
        batch = create_batch(
            request.user,
            project,
            name=data["name"],
            base_micro=data["base_micro"],
            bonus_micro=data["bonus_micro"] or 0,
            top_up_micro=data["top_up_micro"] or 0,
            deadline=data["deadline"],
            item_limit=data["limit"],
            min_answers=data["min_answers"],
            max_answers=data["max_answers"],
            **{name: data[name] for name in ("lease_s", "pack_s") if data[name] is not None},
        )
        if request.POST.get("then") == "open":
            open_batch(request.user, batch)
            messages.success(request, _("The batch is funded and open: workers see it now."))
    return redirect("console:batch", batch.pk)


@page()
def price(request: Request, project_id: int) -> HttpResponse:
    """The wage meter for what is typed so far."""
    project = get_project_for(request.user, project_id)
    form = BatchForm(request.GET)
    form.is_valid()
    return render(
        request,
        "console/_meter.html",
        {"project": project, "meter": _for(request.user, project, _prices(project, form))},
    )


@page()
def batch(request: Request, batch_id: int) -> HttpResponse:
    batch = get_batch_for(request.user, batch_id)
    answered = answered_in(batch)
    is_draft = batch.state == Batch.State.DRAFT
    task_ms = round(answered["ms"] or batch.project.estimated_task_s * 1000)
    waiting = waiting_items(batch.project) if is_draft else 0
    waiting = min(waiting, batch.item_limit or waiting)
    context = {
        "project": batch.project,
        "batch": batch,
        "answered": answered,
        "forecast": forecast_of(batch, answered) if batch.state == Batch.State.OPEN else None,
        "wage_micro": pay.wage_micro_per_hour(batch.base_micro, task_ms),
        "escrow_left_micro": balance(escrow_of(batch.pk), batch.currency),
        "fee_micro": balance(fee_of(batch.pk), batch.currency),
        "meter": _for(
            request.user,
            batch.project,
            meter(batch.project, batch.base_micro, batch.bonus_micro, waiting, batch.max_answers, batch.top_up_micro),
        )
        if is_draft
        else None,
    }
    return render(request, "console/batch.html", context)


@page("POST")
def open_(request: Request, batch_id: int) -> HttpResponse:
    def verb():
        open_batch(request.user, get_batch_for(request.user, batch_id, write=True, lock=True))

    attempt(request, verb, _("The batch is funded and open: workers see it now."))
    return redirect("console:batch", batch_id)


@page("POST")
def pause(request: Request, batch_id: int) -> HttpResponse:
    def verb():
        pause_batch(request.user, get_batch_for(request.user, batch_id, write=True, lock=True))

    attempt(
        request, verb, _("The batch is paused: no new tasks are lent. What workers hold may be answered, and is paid.")
    )
    return redirect("console:batch", batch_id)


@page("POST")
def copy(request: Request, batch_id: int) -> HttpResponse:
    """A draft on the terms of a closed batch, to look at and open."""
    made = []

    def verb():
        made.append(copy_batch(request.user, get_batch_for(request.user, batch_id, write=True, lock=True)))

    attempt(
        request,
        verb,
        _("This is a draft on the same terms, over what is not decided. Look at it, then fund and open it."),
    )
    return redirect("console:batch", made[0].pk if made else batch_id)


@page("POST")
def resume(request: Request, batch_id: int) -> HttpResponse:
    def verb():
        resume_batch(request.user, get_batch_for(request.user, batch_id, write=True, lock=True))

    attempt(request, verb, _("The batch goes on: workers see it now."))
    return redirect("console:batch", batch_id)
