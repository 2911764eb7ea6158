"""What a program of the requester's needs: organisations, members, tokens, webhooks, funds."""

from datetime import datetime
from typing import Annotated, Literal, TypedDict
from uuid import UUID

from api.contract.fields import Checked, Text, Uuid, Whole
from api.contract.requests import Body
from api.shapes.common import Role
from payouts.models import Deposit as DepositRow
from people.actions.add_webhook import EVENTS
from people.actions.make_token import SCOPES

Scopes = list[Literal[SCOPES]]  # type: ignore[valid-type]


class TokenMade(Body):
    name = Text(most=80)
    scopes = Checked(Scopes, required=True)


class OrganisationMade(Body):
    name = Text(most=120)


class RoleGiven(Body):
    role = Text(most=10)


class Invited(Body):
    organisation = Whole()
    address = Text(most=254)
    role = Text(most=10, default="viewer")


class WebhookAdded(Body):
    organisation = Whole()
    url = Text(most=500)
    events = Checked(list[Literal[EVENTS]])  # type: ignore[valid-type]


class DepositAsked(Body):
    """`id` is made by the caller, so asking twice is one charge. `card`: the card's token at the rail, never the card."""

    id = Uuid()
    amount_micro = Whole()
    card = Text(most=100)


class Token(TypedDict):
    id: int
    name: str
    prefix: str
    scopes: Scopes
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None
    revoked_at: datetime | None


class NewToken(Token):
    token: Annotated[str, "The secret: shown this once."]


class Organisation(TypedDict):
    id: int
    name: str
    role: Annotated[Role, "Hers."]


class OrganisationInFull(TypedDict):
    id: int
    name: str
    role: Annotated[Role | None, "null: she is no member, and reads it as an admin."]
    members: int


class Member(TypedDict):
    person: int
    name: str
    role: Role


class Joined(TypedDict):
    organisation: int
    role: Role


class Invitation(TypedDict):
    id: int
    organisation: int
    name: str
    role: Role
    expires_at: datetime


class Webhook(TypedDict):
    id: int
    organisation: int
    url: str
    events: list[str]
    disabled: bool
    failures: Annotated[int, "In a row, up to ten."]
    rests_until: datetime | None


class WebhookTried(TypedDict):
    taken: Annotated[bool, "The receiver said that it has it."]
    status: int | None
    error: Annotated[str, "Why there was no answer."]
    took_ms: int


class NewWebhook(Webhook):
    secret: Annotated[str, "Shown this once."]


class Deposit(TypedDict):
    id: UUID
    amount_micro: int
    currency: str
    state: Literal[tuple(DepositRow.State.values)]  # type: ignore[valid-type]
    code: Annotated[str, "Why it failed, as the rail says."]
    receipt: str
    at: datetime


class Deposits(TypedDict):
    funds_micro: int
    currency: str
    results: list[Deposit]
    next: str | None
    previous: str | None
