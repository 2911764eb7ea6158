"""A requester's side of a team: its name, its links, and who is taken out of it. The caller has authorised the row."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from django.conf import settings
from django.db import transaction

from kernel.errors import DomainError
from kernel.texts import is_text
from labelling.models import Team, TeamLink, TeamMember
from labelling.models.teams import MAX_DAYS, MAX_USES
from ledger import clock
from people.audit import record
from people.models import Organisation, Person


@transaction.atomic
def make_team(actor: Person, organisation: Organisation, name: str) -> Team:
    team = Team.objects.create(organisation=organisation, name=_checked(name))
    record(actor, "team.make", team, organisation=organisation.pk)
    return team


@transaction.atomic
def rename_team(actor: Person, team: Team, name: str) -> Team:
    team.name = _checked(name)
    team.save(update_fields=["name"])
    record(actor, "team.rename", team)
    return team


def _checked(name: str) -> str:
    if not is_text(name, 80):
        raise DomainError("Give the team a name of 1 to 80 characters.", field="name")
    return name.strip()


@transaction.atomic
def make_link(actor: Person, team: Team, days: int | None = None, uses: int | None = None) -> tuple[TeamLink, str]:
    """A link and its address, which is shown once: only the SHA-256 of its secret is kept. It holds for so many days and people, or for
    any. The secret stands behind the #, which no browser sends to anybody."""
    for name, value, most in (("days", days, MAX_DAYS), ("uses", uses, MAX_USES)):
        if value is not None and not 1 <= value <= most:
            said = {"name": name, "least": 1, "most": most}
            raise DomainError("{name} must be a whole number from {least} to {most}.", field=name, said=said)
    secret, ends = secrets.token_urlsafe(32), clock.now() + timedelta(days=days) if days else None
    link = TeamLink.objects.create(team=team, token_sha256=hash_of(secret), most_uses=uses, expires_at=ends)
    record(actor, "team.link", team, link=link.pk, days=days, uses=uses)
    return link, f"{settings.PUBLIC_URL.rstrip('/')}/app/#/team/{secret}"


def hash_of(secret: str) -> str:
    """Of 256 random bits, which nobody finds by trying: no slow hash makes them safer."""
    return hashlib.sha256(secret.encode()).hexdigest()


@transaction.atomic
def revoke_link(actor: Person, link: TeamLink) -> None:
    """It lets nobody in any more; who came by it stays."""
    if link.revoked_at is None:
        link.revoked_at = clock.now()
        link.save(update_fields=["revoked_at"])
        record(actor, "team.revoke", f"team:{link.team_id}", link=link.pk)


@transaction.atomic
def remove_from_team(actor: Person, member: TeamMember) -> None:
    """New tasks of the team's projects are for others. What she holds may be answered, and what she answered stays paid."""
    if member.removed_at is None:
        member.removed_at = clock.now()
        member.save(update_fields=["removed_at"])
        record(actor, "team.remove", f"team:{member.team_id}", worker=member.worker_id)
