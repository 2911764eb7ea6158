"""Who is good, and the answers behind each number."""

from django.conf import settings
from django.contrib import messages
from django.db.models import Count, Exists, OuterRef, Prefetch, Q, Sum
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from consensus.app.models import Skill, WorkerFlag
from console.answer_rendering import label_names, say, show
from console.evidence import ANSWERS_FROM, GOLD_FROM
from console.flags import NAMES, show_flags
from console.paging import page_of, whole_number
from console.request import Request
from console.view_decorators import page
from labelling.batches import pay
from labelling.conduct.hold_pay import release_pay
from labelling.conduct.holds import hold_of
from labelling.models import Answer, Ban, Decision, Project, WorkerRecord
from labelling.models.bans import standing
from ledger.factories import available_of, pending_of
from ledger.reading import balances
from people.access import get_any_worker_for
from people.actions.end_sessions import end_sessions
from people.models import Worker

CARDS = 20  # a stretch of fast answers on one page
FAST_SHARE = 4  # an answer is machine-fast below a quarter of the project's usual time
MISS_PPM = 200_000  # a wrong answer as frequent as this is marked in the matrix
_COUNTS = ("answers", "gold_seen", "gold_right", "decided", "agreed", "skips", "reports", "active_ms")
BANS_SHOWN = 20
PROJECTS_SHOWN = 100


@page(role="admin")
def worker_list(request: Request) -> HttpResponse:
    workers = Worker.objects.annotate(
        answers_n=Sum("records__answers", default=0),
        gold_seen=Sum("records__gold_seen", default=0),
        gold_right=Sum("records__gold_right", default=0),
        decided=Sum("records__decided", default=0),
        agreed=Sum("records__agreed", default=0),
        active_ms=Sum("records__active_ms", default=0),
    ).select_related("person")
    workers = workers.annotate(banned=Exists(Ban.objects.filter(standing(), worker=OuterRef("pk"))))
    wanted = request.GET.get("q", "").strip()
    if wanted:
        workers = workers.filter(Q(pseudonym__icontains=wanted) | Q(person__display_name__icontains=wanted))
    open_flags = WorkerFlag.objects.filter(closed_at=None)
    flagged = bool(request.GET.get("flagged"))
    if flagged:
        workers = workers.filter(Exists(open_flags.filter(worker=OuterRef("pk"))))
    workers = workers.prefetch_related(Prefetch("flags", open_flags.order_by("p_value"), to_attr="open_flags"))
    found = page_of(workers, request)
    for worker in found.rows:
        worker.flag_names = list(dict.fromkeys(NAMES[flag.kind] for flag in worker.open_flags))
    context = {"page": found, "q": wanted, "flagged": flagged}
    return render(request, "console/admin_workers.html", context)


def records_of(worker: Worker) -> list[WorkerRecord]:
    """Her record in each project, most answers first. Answers and time are all she gave, those not settled yet included."""
    sums = Answer.objects.filter(worker=worker).values("project").annotate(n=Count("pk"), ms=Sum("active_ms"))
    given = {row["project"]: row for row in sums.order_by("-n", "project")[:PROJECTS_SHOWN]}
    stored = {record.project_id: record for record in worker.records.filter(project__in=given)}
    projects = Project.objects.in_bulk(given)
    records = []
    for project_id, row in given.items():
        record = stored.get(project_id) or WorkerRecord(worker=worker)
        record.project, record.answers, record.active_ms = projects[project_id], row["n"], row["ms"]
        records.append(record)
    return records


def flags_of(records: list[WorkerRecord], timed: set[int]) -> list[tuple[str, WorkerRecord]]:
    """What a person should look at in the plain counts, each with the record that it comes from. timed: projects in which her
    speed was measured against others' already, which says more than the requester's estimate."""
    flags = []
    for record in records:
        if record.gold_seen >= GOLD_FROM and record.gold_right * 2 < record.gold_seen:
            flags.append(("gold", record))
        if record.decided >= ANSWERS_FROM and record.agreed * 2 < record.decided:
            flags.append(("agreement", record))
        usual_ms = record.project.estimated_task_s * 1000
        if record.project_id in timed:
            continue
        if record.answers >= ANSWERS_FROM and record.active_ms * FAST_SHARE < record.answers * usual_ms:
            flags.append(("fast", record))
    return flags


@page(role="admin")
def worker(request: Request, worker_id: int) -> HttpResponse:
    worker = get_any_worker_for(request.user, worker_id)
    records = records_of(worker)
    skills = {
        skill.project_id: skill
        for skill in Skill.objects.filter(worker=worker, project__in=[r.project_id for r in records])
    }
    totals = {name: sum(getattr(record, name) for record in records) for name in _COUNTS}
    stored = list(WorkerFlag.objects.filter(worker=worker).select_related("project").order_by("p_value", "pk"))
    bans = list(worker.bans.select_related("project", "appeal").order_by("-pk")[:BANS_SHOWN])
    shown = show_flags(worker, stored, bans, request.LANGUAGE_CODE)
    timed = {flag.project_id for flag in stored if flag.closed_at is None and flag.kind in ("fast", "constant")}
    held = balances([pending_of(worker.pk), available_of(worker.pk)])
    context = {
        "worker": worker,
        "bans": bans,
        "banned": any(ban.stands for ban in bans),
        "records": [_of_project(record, skills.get(record.project_id), request.LANGUAGE_CODE) for record in records],
        "totals": totals,
        "score_bps": pay.score_bps(totals["gold_right"], totals["gold_seen"], totals["agreed"], totals["decided"]),
        "mean_ms": totals["active_ms"] / totals["answers"] if totals["answers"] else None,
        "money": [(ref.kind, micro, currency) for (ref, currency), micro in held.items()],
        "counted": flags_of(records, timed),
        "standing": [flag for flag in shown if flag.row.closed_at is None],
        "closed": [flag for flag in shown if flag.row.closed_at is not None],
        "hold": hold_of(worker),
        "currency": settings.CURRENCY,
    }
    return render(request, "console/admin_worker.html", context)


@page("POST", role="admin")
def let_pay_go(request: Request, worker_id: int) -> HttpResponse:
    worker = get_any_worker_for(request.user, worker_id)
    release_pay(request.user, worker)
    messages.success(request, _("Nothing holds her pay any more."))
    return redirect("console:admin_worker", worker.pk)


@page("POST", role="admin")
def end_her_sessions(request: Request, worker_id: int) -> HttpResponse:
    """A phone was lost, or somebody else works on it."""
    worker = get_any_worker_for(request.user, worker_id)
    ended = end_sessions(request.user, worker.person)
    messages.success(request, _("She is signed out everywhere: %(n)d sessions ended.") % {"n": ended})
    return redirect("console:admin_worker", worker.pk)


def _of_project(record: WorkerRecord, skill: Skill | None, language: str) -> dict:
    return {
        "record": record,
        "score_bps": pay.score_bps(record.gold_right, record.gold_seen, record.agreed, record.decided),
        "mean_ms": record.active_ms / record.answers if record.answers else None,
        "skill": skill,
        "matrix": matrix_of(skill, label_names(record.project, language)) if skill else None,
    }


def matrix_of(skill: Skill, names: dict[str, tuple[str, str]]) -> dict | None:
    """The confusion matrix in per cent: a row is the truth, a column what she says of it."""
    confusion, labels = skill.summary.get("confusion_ppm"), skill.tables.get("labels")
    if not confusion or not labels or len(labels) > 12:
        return None
    shown = [names.get(label, (label, ""))[0] for label in labels]
    rows = [
        {"truth": shown[i], "cells": [_cell(i, j, ppm) for j, ppm in enumerate(row)]} for i, row in enumerate(confusion)
    ]
    return {"labels": shown, "rows": rows}


def _cell(truth: int, answer: int, ppm: int) -> dict:
    return {"percent": round(ppm / 10_000), "hit": truth == answer, "miss": truth != answer and ppm >= MISS_PPM}


_WHICH = {
    "gold": Q(gold_right__isnull=False),
    "gold-missed": Q(gold_right=False),
    "disagreed": Q(settlement__agreed=False),
    "agreed": Q(settlement__agreed=True),
}


@page(role="admin")
def answers(request: Request, worker_id: int) -> HttpResponse:
    """The answers behind a number: by project, gold, disagreement or speed."""
    worker = get_any_worker_for(request.user, worker_id)
    which, project_id = request.GET.get("which", ""), request.GET.get("project", "")
    rows = Answer.objects.filter(worker=worker).select_related("item__media", "item__gold", "project", "settlement")
    rows = rows.filter(_WHICH.get(which, Q()))
    if (project := whole_number(project_id)) is not None:
        rows = rows.filter(project_id=project)
    first, last = whole_number(request.GET.get("from")), whole_number(request.GET.get("to"))
    rows = rows if first is None else rows.filter(seq__gte=first)
    rows = rows if last is None else rows.filter(seq__lte=last)
    found = page_of(rows, request, CARDS, key="seq")
    decided = Decision.objects.filter(item__in=[a.item_id for a in found.rows])
    decisions = {d.item_id: d for d in decided}
    cards = [_card(answer, decisions.get(answer.item_id), request.LANGUAGE_CODE) for answer in found.rows]
    context = {
        "worker": worker,
        "page": found,
        "cards": cards,
        "which": which,
        "whiches": _WHICH,
        "project": project_id,
        "first": first,
        "last": last,
    }
    return render(request, "console/admin_answers.html", context)


def _card(answer: Answer, decision: Decision | None, language: str) -> dict:
    names = label_names(answer.project, language)
    gold = getattr(answer.item, "gold", None)
    truth = gold.truth if gold else decision.value if decision else None
    return {
        "row": answer,
        "shown": show(answer.item),
        "said": say(answer.project, answer.value, names),
        "truth": say(answer.project, truth, names) if truth else None,
        "is_gold": gold is not None,
    }
