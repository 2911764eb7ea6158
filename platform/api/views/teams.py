"""Teams: a requester makes one and links into it, a worker opens a link, joins and leaves."""

from __future__ import annotations

from django.db import transaction
from rest_framework.response import Response

from api.contract.operation import operation
from api.contract.requests import Pages
from api.contract.shapes import page_of
from api.shapes import teams as shapes
from api.throttles import LinkThrottle
from api.views.base import APIView, ListView
from labelling import access
from labelling.models import Team, TeamLink, TeamMember
from labelling.models.teams import in_team
from labelling.projects.change_team import make_link, make_team, remove_from_team, rename_team, revoke_link
from labelling.work.join_team import join_team, leave_team, link_of, teams_of
from people.access import get_member_organisation_for, get_organisation_for


class TeamsView(ListView):
    @operation("teams", query=Pages, answers=page_of(shapes.Team))
    def get(self, request, organisation_id: int) -> Response:
        organisation = get_organisation_for(request.user, organisation_id)
        return self.page(request, Team.objects.filter(organisation=organisation), show_team)

    @operation("team_make", body=shapes.TeamNamed, answers=shapes.Team, status=201)
    def post(self, request, organisation_id: int) -> Response:
        organisation = get_member_organisation_for(request.user, organisation_id)
        return Response(show_team(make_team(request.user, organisation, self.body["name"])), status=201)


class TeamView(APIView):
    """A team and its name."""

    @operation("team", answers=shapes.Team)
    def get(self, request, team_id: int) -> Response:
        return Response(show_team(access.get_team_for(request.user, team_id)))

    @operation("team_rename", body=shapes.TeamNamed, answers=shapes.Team)
    def patch(self, request, team_id: int) -> Response:
        team = access.get_team_for(request.user, team_id, write=True)
        return Response(show_team(rename_team(request.user, team, self.body["name"])))


class TeamLinksView(ListView):
    """Its links, without their secrets: a link is shown once, in the answer that made it."""

    @operation("team_links", query=Pages, answers=page_of(shapes.TeamLink))
    def get(self, request, team_id: int) -> Response:
        team = access.get_team_for(request.user, team_id)
        return self.page(request, TeamLink.objects.filter(team=team), show_link)

    @operation("team_link_make", body=shapes.TeamLinkMade, answers=shapes.NewTeamLink, status=201)
    def post(self, request, team_id: int) -> Response:
        team = access.get_team_for(request.user, team_id, write=True)
        link, address = make_link(request.user, team, **self.body)
        return Response(show_link(link) | {"link": address}, status=201)


class TeamLinkView(APIView):
    """It lets nobody in any more; who came by it stays."""

    @operation("team_link_revoke", status=204)
    @transaction.atomic
    def delete(self, request, link_id: int) -> Response:
        revoke_link(request.user, access.get_team_link_for(request.user, link_id))
        return Response(status=204)


class TeamMembersView(ListView):
    """Who is in it, by pseudonym."""

    @operation("team_members", query=Pages, answers=page_of(shapes.TeamMember))
    def get(self, request, team_id: int) -> Response:
        team = access.get_team_for(request.user, team_id)
        rows = TeamMember.objects.filter(in_team(), team=team).select_related("worker")
        return self.page(request, rows, show_member)


class TeamMemberView(APIView):
    """Out of the team: what she holds may be answered, and what she answered stays paid."""

    @operation("team_member_remove", status=204)
    @transaction.atomic
    def delete(self, request, member_id: int) -> Response:
        remove_from_team(request.user, access.get_team_member_for(request.user, member_id))
        return Response(status=204)


class WorkTeamsView(ListView):
    """The teams that she is in."""

    required_scope = "work"

    @operation("work_teams", query=Pages, answers=page_of(shapes.WorkTeam))
    def get(self, request) -> Response:
        rows = teams_of(access.get_worker_for(request.user))
        return self.page(request, rows, lambda one: show_hers(one.team, joined=True))


class WorkTeamLinkView(APIView):
    """Whose team a link leads into, before she joins. The secret is sent in the body: addresses stand in logs."""

    required_scope = "work"
    throttle_classes = [*APIView.throttle_classes, LinkThrottle]

    @operation("work_team_link", body=shapes.TeamLinkShown, answers=shapes.WorkTeam)
    def post(self, request) -> Response:
        worker = access.get_worker_for(request.user)
        team = link_of(worker, self.body["secret"]).team
        return Response(show_hers(team, joined=teams_of(worker).filter(team=team).exists()))


class JoinTeamView(WorkTeamLinkView):
    """Into the team of the link. Safe to repeat."""

    @operation("work_team_join", body=shapes.TeamLinkShown, answers=shapes.WorkTeam)
    def post(self, request) -> Response:
        member = join_team(access.get_worker_for(request.user), self.body["secret"])
        return Response(show_hers(member.team, joined=True))


class WorkTeamView(APIView):
    """Out of the team, whenever she wants."""

    required_scope = "work"

    @operation("work_team_leave", status=204)
    def delete(self, request, team_id: int) -> Response:
        leave_team(access.get_worker_for(request.user), team_id)
        return Response(status=204)


def show_team(team: Team) -> dict:
    return {
        "id": team.pk,
        "organisation": team.organisation_id,
        "name": team.name,
        "created_at": team.created_at.isoformat(),
    }


def show_link(link: TeamLink) -> dict:
    return {
        "id": link.pk,
        "state": link.state,
        "uses": link.uses,
        "most_uses": link.most_uses,
        "created_at": link.created_at.isoformat(),
        "expires_at": link.expires_at and link.expires_at.isoformat(),
    }


def show_member(member: TeamMember) -> dict:
    return {"id": member.pk, "worker": member.worker.pseudonym, "joined_at": member.joined_at.isoformat()}


def show_hers(team: Team, *, joined: bool) -> dict:
    return {"team": team.pk, "name": team.name, "requester": team.organisation.name, "joined": joined}
