"""Teams: people asked by a link, for whom alone a project may lend its tasks."""

from datetime import datetime
from typing import Annotated, Literal, TypedDict

from api.contract.fields import Text, Whole
from api.contract.requests import Body
from labelling.models.teams import MAX_DAYS, MAX_USES


class TeamNamed(Body):
    name = Text(most=80)


class TeamLinkMade(Body):
    """`days`: how long it holds; `uses`: how many people it lets in. Without one, until it is revoked, and any number."""

    days = Whole(least=1, most=MAX_DAYS, default=None)
    uses = Whole(least=1, most=MAX_USES, default=None)


class TeamLinkShown(Body):
    """`secret`: what stands in the link behind `#/team/`."""

    secret = Text(most=100)


class Team(TypedDict):
    id: int
    organisation: int
    name: str
    created_at: datetime


class TeamLink(TypedDict):
    id: int
    state: Literal["open", "used_up", "ended", "revoked"]
    uses: int
    most_uses: int | None
    created_at: datetime
    expires_at: datetime | None


class NewTeamLink(TeamLink):
    link: Annotated[str, "Shown once: only a hash of its secret is kept."]


class TeamMember(TypedDict):
    """By pseudonym: who she is, is told to nobody."""

    id: int
    worker: str
    joined_at: datetime


class WorkTeam(TypedDict):
    """Whose team it is, as a worker reads it."""

    team: int
    name: str
    requester: str
    joined: bool
