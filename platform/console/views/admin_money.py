"""Ledger, payouts, periods and the audit log, for admins to read."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from anchoring.models import Period
from console.pages import page
from console.paging import page_of, whole_number
from ledger.kinds import KINDS
from ledger.models import Account, Seal
from ledger.reading import lines, trial_balance
from ledger.transfers import AccountRef
from payouts.models import Payout
from people.models import AuditEntry
from people.refusals import NotYours

LINES_PER_PAGE = 50


@page(role="admin")
def ledger(request: HttpRequest) -> HttpResponse:
    rows = trial_balance()
    sums: dict[str, int] = {}
    for row in rows:
        sums[row.currency] = sums.get(row.currency, 0) + row.sum_micro
    kind = request.GET.get("kind", "")
    accounts = Account.objects.filter(kind=kind) if kind in KINDS else Account.objects.all()
    context = {
        "rows": rows,
        "sums": sorted(sums.items()),
        "page": page_of(accounts, request),
        "kind": kind,
        "kinds": KINDS,
        "seal": Seal.objects.order_by("-pk").first(),
    }
    return render(request, "console/admin_ledger.html", context)


@page(role="admin")
def ledger_account(request: HttpRequest, account_id: int) -> HttpResponse:
    found = Account.objects.filter(pk=account_id).first()
    if found is None:
        raise NotYours
    before = whole_number(request.GET.get("before"))
    shown = lines(AccountRef(found.kind, found.owner), found.currency, before=before, limit=LINES_PER_PAGE + 1)
    after = shown[LINES_PER_PAGE - 1].leg_id if len(shown) > LINES_PER_PAGE else None
    context = {"account": found, "lines": shown[:LINES_PER_PAGE], "next": after}
    return render(request, "console/admin_account.html", context)


@page(role="admin")
def payouts(request: HttpRequest) -> HttpResponse:
    state = request.GET.get("state", "")
    rows = Payout.objects.select_related("worker")
    if state in Payout.State.values:
        rows = rows.filter(state=state)
    # A payout's id is made on the phone and does not grow: pages go by the time of asking.
    offset = min(whole_number(request.GET.get("from")) or 0, 100_000)
    found = list(rows.order_by("-created_at", "pk")[offset : offset + LINES_PER_PAGE + 1])
    context = {
        "payouts": found[:LINES_PER_PAGE],
        "after": offset + LINES_PER_PAGE if len(found) > LINES_PER_PAGE else None,
        "state": state,
        "states": Payout.State.values,
        "alarms": Payout.objects.exclude(alarm="").count(),
    }
    return render(request, "console/admin_payouts.html", context)


@page(role="admin")
def periods(request: HttpRequest) -> HttpResponse:
    rows = Period.objects.select_related("anchor").prefetch_related("anchor__attempts")
    return render(request, "console/admin_periods.html", {"page": page_of(rows, request, 30)})


@page(role="admin")
def audit(request: HttpRequest) -> HttpResponse:
    action = request.GET.get("action", "").strip()
    rows = AuditEntry.objects.select_related("actor")
    if action:
        rows = rows.filter(action__startswith=action)
    return render(request, "console/admin_audit.html", {"page": page_of(rows, request, 100), "action": action})
