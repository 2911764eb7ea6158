"""Bans: make one on evidence, see all, lift one, decide an appeal while its 72 hours run."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar

from django import forms
from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from consensus.app.models import WorkerFlag
from console.ban_forms import AppealForm, BanForm, LiftForm
from console.evidence import answers_behind, choices_of, say
from console.forms import refuse
from console.paging import page_of
from console.request import Request
from console.view_decorators import page, typed
from kernel.errors import DomainError
from labelling.access import get_any_ban_for
from labelling.conduct.ban_worker import ban_worker
from labelling.conduct.decide_appeal import decide_appeal
from labelling.conduct.lift_ban import lift_ban
from labelling.models import Appeal, Ban, Project
from labelling.models.bans import standing
from ledger import clock
from people.access import get_any_worker_for
from people.models import Worker

T = TypeVar("T")

MAX_WAITING = 50
MAX_RECORDS = 100


@page(role="admin")
def ban_list(request: Request) -> HttpResponse:
    """Appeals first, the one whose time ends soonest on top."""
    bans = Ban.objects.select_related("worker", "project", "appeal")
    standing_only = bool(request.GET.get("standing"))
    waiting = Appeal.objects.filter(decided_at=None).select_related("ban__worker", "ban__project")
    context = {
        "page": page_of(bans.filter(standing()) if standing_only else bans, request),
        "standing": standing_only,
        "waiting": list(waiting.order_by("made_at")[:MAX_WAITING]),
    }
    return render(request, "console/admin_bans.html", context)


@page("GET", "HEAD", "POST", role="admin")
def new_ban(request: Request, worker_id: int) -> HttpResponse:
    worker = get_any_worker_for(request.user, worker_id)
    choices = {choice.key: choice for choice in _choices(worker, request.LANGUAGE_CODE)}
    hers = Q(worker_records__worker=worker) | Q(worker_flags__worker=worker)
    projects = Project.objects.filter(pk__in=Project.objects.filter(hers).values("pk")).order_by("title")
    offered = [(choice.key, choice.sentence) for choice in choices.values()]
    where = next((choice.entry["project"] for choice in choices.values()), None)
    form = BanForm(typed(request), initial={"project": where}, projects=projects, evidence=offered)

    def verb() -> Ban:
        asked = form.cleaned_data
        return ban_worker(
            request.user,
            worker,
            asked["project"],
            reason=asked["reason"],
            sentence=asked["sentence"],
            until=clock.now() + timedelta(days=asked["until"]),
            evidence=[choices[key].entry for key in asked["evidence"]],
        )

    if request.method == "POST" and (ban := _done(form, verb)):
        messages.success(request, _("Banned. She is told why, until when, and how to appeal."))
        return redirect("console:admin_ban", ban.pk)
    context = {"worker": worker, "form": form}
    return render(request, "console/admin_new_ban.html", context, status=400 if form.errors else 200)


def _choices(worker: Worker, language: str) -> list:
    flags = WorkerFlag.objects.filter(worker=worker, closed_at=None).select_related("project").order_by("p_value")
    records = worker.records.select_related("project").order_by("-answers")[:MAX_RECORDS]
    return choices_of(flags, records, language)


@page(role="admin")
def ban(request: Request, ban_id: int) -> HttpResponse:
    return _show(request, get_any_ban_for(request.user, ban_id), LiftForm(), AppealForm())


@page("POST", role="admin")
def lift(request: Request, ban_id: int) -> HttpResponse:
    found, form = get_any_ban_for(request.user, ban_id), LiftForm(request.POST)
    if _done(form, lambda: lift_ban(request.user, found.pk, form.cleaned_data["note"])):
        messages.success(request, _("Lifted. She may work there again."))
        return redirect("console:admin_ban", found.pk)
    return _show(request, found, form, AppealForm())


@page("POST", role="admin")
def decide(request: Request, ban_id: int) -> HttpResponse:
    found, form = get_any_ban_for(request.user, ban_id), AppealForm(request.POST)

    def verb() -> Appeal:
        return decide_appeal(request.user, found.pk, form.cleaned_data["outcome"], form.cleaned_data["answer"])

    if _done(form, verb):
        messages.success(request, _("Answered. She is told."))
        return redirect("console:admin_ban", found.pk)
    return _show(request, found, LiftForm(), form)


def _done(form: forms.Form, verb: Callable[[], T]) -> T | None:
    """What the verb gave; None, with the refusal beside its field, when it did not happen."""
    if not form.is_valid():
        return None
    try:
        return verb()
    except DomainError as refusal:
        if refusal.status in (403, 404):
            raise
        refuse(form, refusal)
        return None


def _show(request: Request, ban: Ban, lift_form: LiftForm, appeal_form: AppealForm) -> HttpResponse:
    appeal = Appeal.objects.filter(ban=ban).select_related("decided_by").first()
    context = {
        "ban": ban,
        "appeal": appeal,
        "evidence": [(say(one, request.LANGUAGE_CODE), answers_behind(ban.worker_id, one)) for one in ban.evidence],
        "may_decide": request.user.pk not in (ban.made_by_id, ban.worker.person_id),
        "lift_form": lift_form,
        "appeal_form": appeal_form,
    }
    wrong = lift_form.errors or appeal_form.errors
    return render(request, "console/admin_ban.html", context, status=400 if wrong else 200)
