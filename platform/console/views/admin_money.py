"""Ledger, payouts, periods and the audit log, for admins to read."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from anchoring.models import Period
from console.pages import page
from console.paging import page_of, page_of_lines
from labelling.goodwill import pocket
from ledger.kinds import KINDS, REQUESTER_DEBT
from ledger.models import Account, Seal
from ledger.reading import trial_balance
from ledger.transfers import AccountRef
from payouts.models import Payout
from people.models import AuditEntry
from people.refusals import NotYours


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
        "pocket": pocket(),
        "pocket_day_micro": settings.GOODWILL_DAY_MICRO,
        "currency": settings.CURRENCY,
        "seal": Seal.objects.order_by("-pk").first(),
        "owing": Account.objects.filter(kind=REQUESTER_DEBT, balance_micro__lt=0).count(),
    }
    return render(request, "console/admin_ledger.html", context)


@page(role="admin")
def ledger_account(request: HttpRequest, account_id: int) -> HttpResponse:
    found = Account.objects.filter(pk=account_id).first()
    if found is None:
        raise NotYours
    context = {"account": found, "page": page_of_lines(AccountRef(found.kind, found.owner), found.currency, request)}
    return render(request, "console/admin_account.html", context)


@page(role="admin")
def payouts(request: HttpRequest) -> HttpResponse:
    state = request.GET.get("state", "")
    rows = Payout.objects.select_related("worker")
    if state in Payout.State.values:
        rows = rows.filter(state=state)
    context = {
        # A payout's id is made on the phone and does not grow: pages go by the time of asking.
        "page": page_of(rows, request, key=("created_at", "pk")),
        "state": state,
        "states": Payout.State.values,
        "alarms": Payout.objects.exclude(alarm="").count(),
    }
    return render(request, "console/admin_payouts.html", context)


@page(role="admin")
def periods(request: HttpRequest) -> HttpResponse:
    rows = Period.objects.select_related("anchor").prefetch_related("anchor__attempts")
    return render(request, "console/admin_periods.html", {"page": page_of(rows, request)})


@page(role="admin")
def audit(request: HttpRequest) -> HttpResponse:
    action = request.GET.get("action", "").strip()
    rows = AuditEntry.objects.select_related("actor")
    if action:
        rows = rows.filter(action__startswith=action)
    return render(request, "console/admin_audit.html", {"page": page_of(rows, request), "action": action})
