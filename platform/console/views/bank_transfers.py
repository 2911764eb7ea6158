"""Bank transfers received: one admin records, another confirms."""

from __future__ import annotations

import uuid

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from console.forms import TransferForm, refuse
from console.paging import page_of
from console.request import Request
from console.view_decorators import attempt, page, typed
from kernel.errors import DomainError
from payouts.actions.bank_transfers import confirm_transfer, record_transfer
from payouts.models import BankTransfer


@page("GET", "HEAD", "POST", role="admin")
def transfers(request: Request) -> HttpResponse:
    form = TransferForm(typed(request), initial={"id": uuid.uuid4()})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            record_transfer(request.user, data["id"], data["organisation"], data["amount_micro"], data["reference"])
        except DomainError as refusal:
            refuse(form, refusal)
        else:
            return redirect("console:admin_transfers")
    rows = BankTransfer.objects.select_related("organisation", "recorded_by", "confirmed_by")
    context = {"form": form, "page": page_of(rows, request, key=("recorded_at", "pk"))}
    return render(request, "console/admin_transfers.html", context, status=400 if form.errors else 200)


@page("POST", role="admin")
def confirm(request: Request, transfer_id: uuid.UUID) -> HttpResponse:
    attempt(request, lambda: confirm_transfer(request.user, transfer_id), _("The money is the organisation's now."))
    return redirect("console:admin_transfers")
