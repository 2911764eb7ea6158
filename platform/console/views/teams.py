"""Teams of an organisation: who is in them, the links that let people in."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from console.base_form import Form
from console.forms import refuse
from console.paging import page_of
from console.request import Request
from console.view_decorators import attempt, page, typed
from kernel.errors import DomainError
from labelling.access import get_team_for, get_team_link_for, get_team_member_for
from labelling.models import Team, TeamLink, TeamMember
from labelling.models.teams import MAX_DAYS, MAX_USES, in_team
from labelling.projects.change_team import make_link, make_team, remove_from_team, rename_team, revoke_link
from people.access import get_member_organisation_for, get_organisation_for


class TeamForm(Form):
    name = forms.CharField(label=gettext_lazy("Name of the team"), max_length=80)


class LinkForm(Form):
    days = forms.IntegerField(
        label=gettext_lazy("Holds for so many days"), min_value=1, max_value=MAX_DAYS, required=False,
        help_text=gettext_lazy("Left empty: until you revoke it."),
    )  # fmt: skip
    uses = forms.IntegerField(
        label=gettext_lazy("Lets in so many people"), min_value=1, max_value=MAX_USES, required=False,
        help_text=gettext_lazy("Left empty: everybody whom it is passed on to."),
    )  # fmt: skip


@page("GET", "HEAD", "POST")
def teams(request: Request, organisation_id: int) -> HttpResponse:
    is_post = request.method == "POST"
    find = get_member_organisation_for if is_post else get_organisation_for
    organisation, form = find(request.user, organisation_id), TeamForm(typed(request))
    if is_post and form.is_valid():
        try:
            made = make_team(request.user, organisation, form.cleaned_data["name"])
        except DomainError as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("The team is made. Make a link for the people who shall join."))
            return redirect("console:team", made.pk)
    found = page_of(Team.objects.filter(organisation=organisation), request)
    context = {"organisation": organisation, "form": form, "page": found}
    return render(request, "console/teams.html", context, status=400 if form.errors else 200)


@page("GET", "HEAD", "POST")
def team(request: Request, team_id: int) -> HttpResponse:
    """Its people and its links; sent, it makes a link, which stands on the page this once."""
    is_post, link = request.method == "POST", ""
    found, form = get_team_for(request.user, team_id, write=is_post), LinkForm(typed(request))
    if is_post and form.is_valid():
        _row, link = make_link(request.user, found, **form.cleaned_data)
        form = LinkForm()
    members = TeamMember.objects.filter(in_team(), team=found).select_related("worker")
    context = {
        "team": found,
        "form": form,
        "name_form": TeamForm(initial={"name": found.name}),
        "link": link,
        "page": page_of(members, request),
        "links": page_of(TeamLink.objects.filter(team=found), request, 10, prefix="links_"),
    }
    response = render(request, "console/team.html", context, status=400 if form.errors else 200)
    response["Cache-Control"] = "no-store"
    return response


@page("POST")
def rename(request: Request, team_id: int) -> HttpResponse:
    found = get_team_for(request.user, team_id, write=True)
    attempt(
        request, lambda: rename_team(request.user, found, request.POST.get("name", "")), _("The team has its name.")
    )
    return redirect("console:team", team_id)


@page("POST")
def revoke(request: Request, link_id: int) -> HttpResponse:
    with transaction.atomic():
        link = get_team_link_for(request.user, link_id)
        revoke_link(request.user, link)
    messages.success(request, _("The link lets nobody in any more. Who came by it stays."))
    return redirect("console:team", link.team_id)


@page("POST")
def remove(request: Request, member_id: int) -> HttpResponse:
    with transaction.atomic():
        member = get_team_member_for(request.user, member_id)
        remove_from_team(request.user, member)
    messages.success(
        request, _("Out of the team. What was answered stays paid; a link that you make from now on lets in again.")
    )
    return redirect("console:team", member.team_id)
