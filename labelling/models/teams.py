"""Teams: people whom a requester asked by a link, and for whom alone a project may lend its tasks (docs/decisions/teams.md)."""

from __future__ import annotations

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from ledger import clock
from people.models import Organisation, Worker

MAX_DAYS, MAX_USES = 365, 10_000  # of a link


class Team(models.Model):
    """Of an organisation: any of its projects may lend its tasks to this team alone."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="teams")
    name = models.CharField(max_length=80)
    created_at = clock.MadeAt()

    def __str__(self) -> str:
        return self.name


class TeamLink(models.Model):
    """Lets in who has its secret, of which a hash alone is kept: until a date, and so many people, where these are said."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="links")
    token_sha256 = models.CharField(max_length=64, unique=True)
    uses = models.PositiveIntegerField(default=0)
    most_uses = models.PositiveIntegerField(null=True)
    created_at = clock.MadeAt()
    expires_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(most_uses=None) | Q(uses__lte=F("most_uses")), name="link_used_no_more_than_said"
            )
        ]

    def __str__(self) -> str:
        return f"link {self.pk} of team {self.team_id}"

    @property
    def state(self) -> str:
        if self.revoked_at:
            return "revoked"
        if self.expires_at and self.expires_at <= clock.now():
            return "ended"
        return "used_up" if self.most_uses is not None and self.uses >= self.most_uses else "open"


class TeamMember(models.Model):
    """She joined by a link. Who left may come back by the same one; who was taken out, by one that was made after that."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="members")
    worker = models.ForeignKey(Worker, on_delete=models.CASCADE, related_name="teams", db_index=False)
    link = models.ForeignKey(TeamLink, on_delete=models.CASCADE, related_name="+", db_index=False)
    joined_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True)
    removed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["worker", "team"], name="in_a_team_once")]

    def __str__(self) -> str:
        return f"{self.worker_id} in team {self.team_id}"


def in_team() -> Q:
    """Of rows of TeamMember: those who belong to it now."""
    return Q(left_at=None, removed_at=None)


def for_team_of(worker: Worker, path: str) -> Q:
    """Of rows that `path` leads from to a project: those of no team, or of one that she belongs to."""
    hers = TeamMember.objects.filter(in_team(), worker=worker, team=OuterRef(f"{path}asks_team"))
    return Q(**{f"{path}asks_team": None}) | Q(Exists(hers))
