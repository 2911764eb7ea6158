"""Tokens and webhooks: the doors for programs."""

from django.contrib import messages
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from console.forms import TokenForm, WebhookForm, refuse
from console.paging import page_of
from console.request import Request
from console.view_decorators import attempt, page, typed
from delivery.models import WebhookDelivery, WebhookEndpoint
from kernel.errors import Conflict, DomainError
from ledger import clock
from people.access import organisations_of, webhooks_of
from people.actions.add_webhook import add_webhook
from people.actions.disable_webhook import disable_webhook
from people.actions.make_token import make_token
from people.actions.renew_token import renew_token
from people.actions.revoke_token import revoke_token
from people.actions.try_webhook import try_webhook
from people.models import ApiToken
from people.recent import require_recent_sign_in


@page("GET", "HEAD", "POST")
def tokens(request: Request) -> HttpResponse:
    form, secret = TokenForm(typed(request)), ""
    if request.method == "POST" and form.is_valid():
        require_recent_sign_in(request)
        try:
            _token, secret = make_token(request.user, form.cleaned_data["name"], form.cleaned_data["scopes"])
            form = TokenForm()
        except DomainError as refusal:
            refuse(form, refusal)
    rows = ApiToken.objects.filter(person=request.user)
    context = {"form": form, "secret": secret, "page": page_of(rows, request)}
    response = render(request, "console/tokens.html", context, status=400 if form.errors else 200)
    response["Cache-Control"] = "no-store"
    return response


@page("POST")
def revoke(request: Request, token_id: int) -> HttpResponse:
    attempt(request, lambda: revoke_token(request.user, token_id), _("The token opens nothing from now on."))
    return redirect("console:tokens")


@page("POST")
def renew(request: Request, token_id: int) -> HttpResponse:
    require_recent_sign_in(request)
    attempt(request, lambda: renew_token(request.user, token_id), _("The token lives on."))
    return redirect("console:tokens")


@page("GET", "HEAD", "POST")
def webhooks(request: Request) -> HttpResponse:
    organisations = organisations_of(request.user)
    form, secret = WebhookForm(typed(request), organisations=organisations), ""
    if request.method == "POST" and form.is_valid():
        try:
            data = form.cleaned_data
            secret = add_webhook(request.user, data["organisation"].pk, data["url"], data["events"]).secret
            form = WebhookForm(organisations=organisations)
        except DomainError as refusal:
            refuse(form, refusal)
    rows = _with_how_they_fare(webhooks_of(request.user))
    context = {"form": form, "secret": secret, "organisations": organisations, "page": page_of(rows, request)}
    response = render(request, "console/webhooks.html", context, status=400 if form.errors else 200)
    response["Cache-Control"] = "no-store"
    return response


def _with_how_they_fare(rows: QuerySet[WebhookEndpoint]) -> QuerySet[WebhookEndpoint]:
    """Each with what was delivered and what waits; while it fails, with what came of the last attempt and whether it rests."""
    tried = WebhookDelivery.objects.filter(endpoint=OuterRef("pk"), delivered_at=None, attempts__gt=0).order_by("id")
    return rows.annotate(
        delivered_n=Count("deliveries", filter=Q(deliveries__delivered_at__isnull=False)),
        waiting_n=Count("deliveries", filter=Q(deliveries__delivered_at=None)),
        resting=Q(failures__gt=0, rests_until__gt=clock.now()),
        last_status=Subquery(tried.values("last_status")[:1]),
        last_error=Subquery(tried.values("last_error")[:1]),
    )


@page("POST")
def try_one(request: Request, endpoint_id: int) -> HttpResponse:
    """Outside a transaction: the receiver may think for a while."""
    try:
        tried = try_webhook(request.user, endpoint_id)
    except Conflict as refusal:
        messages.error(request, str(refusal))
        return redirect("console:webhooks")
    words = {"status": tried.status, "ms": tried.took_ms, "error": tried.error}
    if tried.taken:
        messages.success(request, _("The receiver took the sample: it answered %(status)s after %(ms)s ms.") % words)
    elif tried.status:
        messages.error(
            request, _("The receiver answered %(status)s after %(ms)s ms: it did not take the sample.") % words
        )
    else:
        messages.error(request, _("The receiver gave no answer within %(ms)s ms: %(error)s") % words)
    return redirect("console:webhooks")


@page("POST")
def remove_webhook(request: Request, endpoint_id: int) -> HttpResponse:
    attempt(request, lambda: disable_webhook(request.user, endpoint_id), _("Nothing is sent there any more."))
    return redirect("console:webhooks")
