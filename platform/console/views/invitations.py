"""Invitations to organisations: what the invited person reads and answers, and what an owner takes back."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from console.request import Request
from console.view_decorators import attempt, page
from people.access import invitations_of
from people.actions.answer_invitation import accept_invitation, decline_invitation
from people.actions.withdraw_invitation import withdraw_invitation


@page()
def invitation_list(request: Request) -> HttpResponse:
    rows = invitations_of(request.user).select_related("organisation")[:50]
    return render(request, "console/invitations.html", {"invitations": rows})


@page("POST")
def accept(request: Request, invitation_id: int) -> HttpResponse:
    if attempt(request, lambda: accept_invitation(request.user, invitation_id), _("You are a member now.")):
        return redirect("console:organisations")
    return redirect("console:invitations")


@page("POST")
def decline(request: Request, invitation_id: int) -> HttpResponse:
    attempt(request, lambda: decline_invitation(request.user, invitation_id), _("You declined the invitation."))
    return redirect("console:invitations")


@page("POST")
def withdraw(request: Request, organisation_id: int, invitation_id: int) -> HttpResponse:
    attempt(
        request,
        lambda: withdraw_invitation(request.user, organisation_id, invitation_id),
        _("The invitation was taken back."),
    )
    return redirect("console:organisation", organisation_id)
