from django.conf import settings
from django.db.models import Count, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from console.request import Request
from console.view_decorators import page
from labelling.access import decisions_to_review, projects_of
from labelling.models import Batch, LabelRequest
from labelling.models.golds import decisions_of_work, items_to_decide
from ledger.factories import funds_of
from ledger.reading import balances
from people.access import organisations_of, owned_by
from people.models import Person


@require_safe
def landing(request: Request) -> HttpResponse:
    """What Ilima is, for somebody who has never heard of it, with the promises that the settings make."""
    promises = {
        "floor_micro": settings.WAGE_FLOOR_MICRO_PER_HOUR,
        "payout_min_micro": settings.PAYOUT_MIN_MICRO,
        "currency": settings.CURRENCY,
    }
    return render(request, "console/landing.html", promises)


@require_POST
def set_language(request: Request) -> HttpResponse:
    """The page's language for this browser, by cookie."""
    here = request.POST.get("next", "/")
    safe = url_has_allowed_host_and_scheme(here, {request.get_host()}, require_https=request.is_secure())
    response = HttpResponseRedirect(here if safe else "/")
    if request.POST.get("language") in settings.CONSOLE_LANGUAGES:
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            request.POST["language"],
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
    return response


set_language.allowed_methods = ("POST",)  # type: ignore[attr-defined]


def with_counts(projects):
    """Projects with their items, decided items and open batches, as subqueries: one statement for a page of them."""

    def count(rows, of="pk"):
        counted = (
            rows.filter(project=OuterRef("pk"))
            .order_by()
            .values("project")
            .annotate(n=Count(of, distinct=of != "pk"))
            .values("n")
        )
        return Subquery(counted)

    by_model = LabelRequest.objects.filter(source="model").exclude(item__decision__final=True)
    return projects.annotate(
        items_n=count(items_to_decide()),
        decided_n=Coalesce(count(decisions_of_work()), 0) + Coalesce(count(by_model, of="item"), 0),
        open_batches=Count("batches", filter=Q(batches__state=Batch.State.OPEN)),
    ).select_related("organisation")


def funds_of_organisations(organisations) -> list[tuple]:
    """[(organisation, micro, currency)], a line for each currency that an organisation holds."""
    held = balances([funds_of(organisation.pk) for organisation in organisations])
    lines = []
    for organisation in organisations:
        mine = [(micro, cur) for (ref, cur), micro in held.items() if ref == funds_of(organisation.pk)]
        lines += [(organisation, micro, currency) for micro, currency in mine or [(0, settings.CURRENCY)]]
    return lines


@page()
def dashboard(request: Request) -> HttpResponse:
    organisations = list(organisations_of(request.user))
    projects = mine(request.user).filter(archived_at=None).order_by("-open_batches", F("created_at").desc())[:6]
    context = {
        "funds": funds_of_organisations(list(owned_by(request.user))),
        "projects": list(projects),
        "to_review": decisions_to_review(request.user).count() if organisations or request.user.is_reviewer else 0,
    }
    return render(request, "console/dashboard.html", context)


def mine(actor: Person):
    """An admin who is in no organisation sees everybody's projects."""
    return with_counts(projects_of(actor))
