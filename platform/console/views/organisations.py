import uuid

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from console.display_names import STATES
from console.forms import DepositForm, MemberForm, OrganisationForm, refuse
from console.paging import page_of_lines, whole_number
from console.request import Request
from console.view_decorators import attempt, page, typed
from console.views.removals import ask
from kernel.errors import DomainError, NotFound
from labelling.access import get_project_for
from labelling.batches.recover_escrow import needed_micro
from labelling.models import Project
from ledger import clock
from ledger.factories import funds_of
from ledger.reading import balance
from payouts.access import deposits_of
from payouts.actions.charge_deposit import charge_deposit
from payouts.actions.request_deposit import request_deposit
from payouts.models import Deposit
from people.access import (
    get_organisation_for,
    get_owned_organisation_for,
    get_spending_organisation_for,
    organisations_of,
    sees_money,
)
from people.actions.change_member import change_member
from people.actions.create_organisation import create_organisation
from people.actions.invite_member import invite_member
from people.actions.remove_member import remove_member
from people.models import Membership, Organisation
from people.recent import require_recent_sign_in


@page("GET", "HEAD", "POST")
def organisation_list(request: Request) -> HttpResponse:
    form = OrganisationForm(typed(request))
    if request.method == "POST" and form.is_valid():
        try:
            made = create_organisation(request.user, form.cleaned_data["name"])
        except DomainError as refusal:
            refuse(form, refusal)
        else:
            return redirect("console:organisation", made.pk)
    organisations = list(organisations_of(request.user))
    if len(organisations) == 1 and request.method == "GET":
        return redirect("console:organisation", organisations[0].pk)
    context = {"organisations": organisations, "form": form}
    return render(request, "console/organisations.html", context, status=400 if form.errors else 200)


@page()
def organisation(request: Request, organisation_id: int) -> HttpResponse:
    organisation = get_organisation_for(request.user, organisation_id)
    context = {
        "organisation": organisation,
        "invitations": organisation.invitations.filter(ended_at=None, expires_at__gt=clock.now()).order_by("-pk")[:50],
        "members": organisation.memberships.select_related("person").order_by("pk")[:200],
        "is_owner": organisation.memberships.filter(person=request.user, role="owner").exists(),
        "roles": [(role, STATES[role]) for role in Membership.Role.values],
        "member_form": MemberForm(),
    }
    money = _money_of(request, organisation) if sees_money(request.user, organisation) else {}
    return render(request, "console/organisation.html", {**context, **money, "sees_money": bool(money)})


def _money_of(request: Request, organisation: Organisation) -> dict:
    funds = funds_of(organisation.pk)
    project = _meant_for(request, request.GET)
    missing = whole_number(request.GET.get("missing"))
    meant = {"project": project.pk, "amount_micro": missing} if project else {}
    return {
        "funds_micro": balance(funds, settings.CURRENCY),
        "needed_micro": needed_micro(organisation.pk, settings.CURRENCY),
        "currency": settings.CURRENCY,
        "deposits": deposits_of(organisation)[:5],
        "page": page_of_lines(funds, settings.CURRENCY, request),
        "deposit_form": DepositForm(initial={"id": uuid.uuid4(), **meant}),
        "meant_for": project,
    }


def _meant_for(request: Request, sent: QueryDict) -> Project | None:
    """Her funds did not reach for a batch of this project: she comes from there, and goes on there."""
    project_id = whole_number(sent.get("project"))
    return None if project_id is None else get_project_for(request.user, project_id)


def _again(organisation_id: int, project: Project | None) -> HttpResponse:
    address = reverse("console:organisation", args=[organisation_id])
    return redirect(f"{address}?project={project.pk}" if project else address)


@page("POST")
def deposit(request: Request, organisation_id: int) -> HttpResponse:
    organisation = get_spending_organisation_for(request.user, organisation_id)
    project = _meant_for(request, request.POST)
    form = DepositForm(request.POST)
    if not form.is_valid():
        messages.error(request, str(next(iter(form.errors.values()))[0]))
        return _again(organisation_id, project)
    data = form.cleaned_data
    try:
        order = request_deposit(request.user, organisation, data["id"], data["amount_micro"], data["card"])
    except DomainError as refusal:
        messages.error(request, str(refusal))
        return _again(organisation_id, project)
    order = charge_deposit(order)
    _tell_of(request, order)
    if project is None or order.state == Deposit.State.FAILED:
        return _again(organisation_id, project)
    return redirect("console:batches", project.pk)


def _tell_of(request: Request, order: Deposit) -> None:
    if order.state == Deposit.State.PAID:
        messages.success(request, _("The deposit has arrived."))
    elif order.state == Deposit.State.FAILED:
        messages.error(request, _("The card was refused: try another one."))
    else:
        messages.info(request, _("The deposit is on its way. It shows here once the payment service confirms it."))


@page("POST")
def member(request: Request, organisation_id: int) -> HttpResponse:
    form = MemberForm(request.POST)
    form.is_valid()
    data = {"address": "", "role": ""} | form.cleaned_data

    def verb():
        invite_member(request.user, organisation_id, data["address"], data["role"])

    get_owned_organisation_for(request.user, organisation_id)  # not yours comes before who you are
    require_recent_sign_in(request)
    attempt(request, verb, _("The invitation was sent. Its reader becomes a member once she accepts it."))
    return redirect("console:organisation", organisation_id)


@page("POST")
def change_role(request: Request, organisation_id: int, person_id: int) -> HttpResponse:
    get_owned_organisation_for(request.user, organisation_id)
    if request.POST.get("role") == Membership.Role.OWNER:
        require_recent_sign_in(request)
    attempt(
        request,
        lambda: change_member(request.user, organisation_id, person_id, request.POST.get("role", "")),
        _("The role was changed."),
    )
    return redirect("console:organisation", organisation_id)


@page("GET", "HEAD", "POST")
def remove(request: Request, organisation_id: int, person_id: int) -> HttpResponse:
    organisation = get_owned_organisation_for(request.user, organisation_id)
    if request.method != "POST":
        membership = organisation.memberships.filter(person=person_id).select_related("person").first()
        if membership is None:
            raise NotFound
        says = [_("She sees nothing of the organisation any more. What she made stays. You can invite her again.")]
        title = _("Take %(who)s out of %(organisation)s?") % {"who": membership.person, "organisation": organisation}
        back = reverse("console:organisation", args=[organisation_id])
        return ask(request, title=title, says=says, key=_("Take her out"), back=back)
    attempt(
        request,
        lambda: remove_member(request.user, organisation_id, person_id),
        _("The member was taken out of the organisation."),
    )
    return redirect("console:organisation", organisation_id)
