"""Ledger, payouts, periods and the audit log, for admins to read."""

from uuid import UUID

from django.conf import settings
from django.db.models import F
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from anchoring.models import Period
from console.paging import page_of, page_of_lines
from console.request import Request
from console.view_decorators import attempt, page
from kernel.errors import NotFound
from labelling.gold.goodwill import pocket
from ledger import clock
from ledger.kinds import KINDS, REQUESTER_DEBT
from ledger.models import Account, Seal
from ledger.reading import trial_balance
from ledger.transfers import AccountRef
from payouts.access import get_all_payouts_for
from payouts.actions.appeal_wait import end_wait
from payouts.actions.cancel_payout import cancel_payout
from payouts.actions.clear_links import clear_links
from payouts.models import LinkFlag, Payout
from people.models import AuditEntry

MAX_WAITING = 100


@page(role="admin")
def ledger(request: Request) -> HttpResponse:
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
def ledger_account(request: Request, account_id: int) -> HttpResponse:
    found = Account.objects.filter(pk=account_id).first()
    if found is None:
        raise NotFound
    context = {"account": found, "page": page_of_lines(AccountRef(found.kind, found.owner), found.currency, request)}
    return render(request, "console/admin_account.html", context)


@page(role="admin")
def payouts(request: Request) -> HttpResponse:
    state = request.GET.get("state", "")
    rows = get_all_payouts_for(request.user)
    if state in Payout.State.values:
        rows = rows.filter(state=state)
    waiting = Payout.objects.filter(state=Payout.State.CREATED, not_before__gt=clock.now()).select_related("worker")
    context = {
        # A payout's id is made on the phone and does not grow: pages go by the time of asking.
        "page": page_of(rows, request, key=("created_at", "pk")),
        "state": state,
        "states": Payout.State.values,
        "alarms": Payout.objects.exclude(alarm="").count(),
        # What somebody asks for before its date comes first, then what ends soonest.
        "waiting": list(waiting.order_by(F("appealed_at").asc(nulls_last=True), "not_before")[:MAX_WAITING]),
    }
    return render(request, "console/admin_payouts.html", context)


@page("POST", role="admin")
def send_payout(request: Request, payout_id: UUID) -> HttpResponse:
    """Somebody has looked at a payout that waits: it goes now."""
    attempt(request, lambda: end_wait(request.user, payout_id), _("The payout is sent now."))
    return redirect("console:admin_payouts")


@page("POST", role="admin")
def give_back_payout(request: Request, payout_id: UUID) -> HttpResponse:
    """It is not sent; the money is in the worker's balance again."""
    attempt(request, lambda: cancel_payout(request.user, payout_id), _("The money is in the worker's balance again."))
    return redirect("console:admin_payouts")


@page(role="admin")
def linked(request: Request) -> HttpResponse:
    """Accounts that one hand may hold: evidence to be judged by a person, the group whose time ends soonest on top."""
    groups: dict[UUID, list[LinkFlag]] = {}
    for flag in LinkFlag.objects.filter(LinkFlag.open_now()).select_related("worker").order_by("until", "pk")[:500]:
        groups.setdefault(flag.group, []).append(flag)
    return render(request, "console/admin_linked.html", {"groups": list(groups.values())})


@page("POST", role="admin")
def clear_linked(request: Request, group: UUID) -> HttpResponse:
    attempt(request, lambda: clear_links(request.user, group), _("They are not one hand's: their payouts go now."))
    return redirect("console:admin_linked")


@page(role="admin")
def periods(request: Request) -> HttpResponse:
    rows = Period.objects.select_related("anchor").prefetch_related("anchor__attempts")
    return render(request, "console/admin_periods.html", {"page": page_of(rows, request)})


@page(role="admin")
def audit(request: Request) -> HttpResponse:
    action = request.GET.get("action", "").strip()
    rows = AuditEntry.objects.select_related("actor")
    if action:
        rows = rows.filter(action__startswith=action)
    return render(request, "console/admin_audit.html", {"page": page_of(rows, request), "action": action})
