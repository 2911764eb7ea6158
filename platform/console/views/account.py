"""What is known of the person herself: to take along, and to have forgotten."""

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from console.request import Request
from console.view_decorators import page
from kernel.errors import DomainError
from payouts.actions.close_account import close_account, dust_micro
from people.actions.take_data import take_data
from people.models import Worker
from wording.access import languages_of

CONFIRMATION = "erase"


@page("GET", "HEAD", "POST")
def account(request: Request) -> HttpResponse:
    """GET: what can be done. POST with the word typed: close the account for good."""
    refused = ""
    if request.method == "POST":
        try:
            if request.POST.get("confirm", "").strip().lower() != CONFIRMATION:
                raise DomainError(_("Type the word erase to close the account."), field="confirm")
            close_account(request.user, give_away=bool(request.POST.get("give_away")))
        except DomainError as refusal:
            refused = str(refusal)
        else:
            logout(request)
            return redirect("console:landing")
    worker = Worker.objects.filter(person=request.user).first()
    context = {
        "refused": refused,
        "speaks": languages_of(request.user),
        "dust_micro": dust_micro(worker) if worker else 0,
        "currency": settings.CURRENCY,
        "donations_to": settings.DONATIONS_TO,
    }
    return render(request, "console/account.html", context, status=400 if refused else 200)


@page()
def export(request: Request) -> HttpResponse | StreamingHttpResponse:
    response = StreamingHttpResponse(take_data(request.user), content_type="application/json")
    response["Content-Disposition"] = 'attachment; filename="ilima-my-data.json"'
    response["Cache-Control"] = "no-store"
    return response
