"""A worker's side of a team: what a link opens, joining, leaving."""

from __future__ import annotations

from django.db import transaction
from django.db.models import F, Max, QuerySet

from kernel.errors import DomainError, NotFound
from labelling.models import Ban, TeamLink, TeamMember
from labelling.models.bans import standing
from labelling.models.refuse_draw import banned, belongs_there
from labelling.models.teams import in_team
from labelling.projects.change_team import hash_of
from ledger import clock
from people.audit import record
from people.models import Membership, Worker

NO_LINK = "This link opens nothing, or nothing any more: ask whoever sent it for a new one."


def link_of(worker: Worker, secret: str) -> TeamLink:
    """The link of this secret, if it is open for her. One sentence for all that is not: a guess learns nothing."""
    link = TeamLink.objects.select_related("team__organisation").filter(token_sha256=hash_of(secret)).first()
    if link is None or not _opens(link, _member_of(worker, link)):
        raise DomainError(NO_LINK, code="no_link", status=404)
    return link


def _member_of(worker: Worker, link: TeamLink) -> TeamMember | None:
    return TeamMember.objects.filter(worker=worker, team=link.team_id).first()


def _opens(link: TeamLink, member: TeamMember | None) -> bool:
    """Who came by it may come back by it; who was taken out, only by one that was made after that."""
    if link.revoked_at or (member is not None and member.removed_at and link.created_at <= member.removed_at):
        return False
    return link.state == "open" or (member is not None and member.link_id == link.pk)


def join_team(worker: Worker, secret: str) -> TeamMember:
    """Safe to repeat: who is in it already uses the link up no further, nor does who comes back by the link that she came by."""
    found = link_of(worker, secret)
    with transaction.atomic():
        link = TeamLink.objects.select_for_update().select_related("team__organisation").get(pk=found.pk)
        _refuse(worker, link)
        member = _member_of(worker, link)
        if not _opens(link, member):  # somebody else was faster
            raise DomainError(NO_LINK, code="no_link", status=404)
        if member is not None and member.left_at is None and member.removed_at is None:
            return member
        if member is None or member.link_id != link.pk:
            TeamLink.objects.filter(pk=link.pk).update(uses=F("uses") + 1)
        back = {"link": link, "joined_at": clock.now(), "left_at": None, "removed_at": None}
        member, _ = TeamMember.objects.update_or_create(worker=worker, team=link.team, defaults=back)
        record(worker.person, "team.join", link.team, link=link.pk)
    return member


def _refuse(worker: Worker, link: TeamLink) -> None:
    """Nobody is paid by her own organisation, and who is banned everywhere opens no new doors."""
    if Membership.objects.filter(organisation=link.team.organisation_id, person=worker.person_id).exists():
        raise belongs_there()
    until = Ban.objects.filter(standing(), worker=worker, project=None).aggregate(until=Max("until"))["until"]
    if until is not None:
        raise banned(until)


def teams_of(worker: Worker) -> QuerySet[TeamMember]:
    return TeamMember.objects.filter(in_team(), worker=worker).select_related("team__organisation")


@transaction.atomic
def leave_team(worker: Worker, team_id: int) -> None:
    """What she holds she may answer, and it is paid."""
    member = teams_of(worker).select_for_update(of=("self",)).filter(team=team_id).first()
    if member is None:
        raise NotFound
    member.left_at = clock.now()
    member.save(update_fields=["left_at"])
    record(worker.person, "team.leave", member.team)
