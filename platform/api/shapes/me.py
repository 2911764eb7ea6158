"""The person who is signed in, and her money."""

from datetime import date, datetime
from typing import Annotated, Any, Literal, NotRequired, TypedDict
from uuid import UUID

from django.conf import settings
from drf_spectacular.types import OpenApiTypes

from api.contract.fields import Checked, OneOf, Text, Uuid, Whole, YesNo
from api.contract.requests import Before, Body, Query
from payouts.models import Payout as PayoutRow
from rewards.models import MAX_GOAL


class MeChanged(Body):
    """`reads`: the languages that she works in. `avoids`: what she never wants to see.
    `goal_tasks`: how many tasks are enough for one day; 0: no goal."""

    language = OneOf(choices=list(settings.PHONE_LANGUAGES), required=False)
    display_name = Text(most=80, required=False)
    reads = Checked(list[str])
    avoids = Checked(list[str])
    goal_tasks = Whole(most=MAX_GOAL, required=False)


class TermsAgreed(Body):
    version = Text(most=10)
    country = Checked(Annotated[str, "Two letters, ISO 3166-1."], required=True)
    adult = YesNo(default=False)


class Confirm(Body):
    """Without `code` one is sent to her."""

    code = Text(most=40, required=False)


class CloseAccount(Body):
    """`give_away`: what is left of her money is too little to be paid out, and she gives it up."""

    confirm = OneOf(choices=["erase"])
    give_away = YesNo(default=False)


class WalletLinesAsked(Before):
    account = OneOf(choices=["available", "pending"], default="available")


# `as` is a word of Python's own.
StatementAsked = type("StatementAsked", (Query,), {"as": OneOf(choices=["csv", "pdf"], default="csv")})
STATEMENT_FILES = {(200, kind): OpenApiTypes.BINARY for kind in ("text/csv", "application/pdf")}


class HoldAppealed(Body):
    words = Checked(str, required=True)


class Destination(TypedDict):
    phone: Annotated[str, "Where the money goes, for example +27821234567."]


class PayoutAsked(Body):
    """`id` is made by the phone: asking twice is asking once. Without an amount: all that is free."""

    id = Uuid()
    amount_micro = Whole(default=None)
    destination = Checked(Destination, required=True)


class PayoutAppealed(Body):
    words = Text(most=1000)


class Hold(TypedDict):
    """What of her money waits, why and until when; it is hers then, whoever has looked."""

    reason: Literal["first_day", "flag"]
    sentence: str
    since: datetime
    until: datetime
    kept_micro: int
    appealed_at: datetime | None


class HoldNow(TypedDict):
    hold: Hold | None


class LocalRate(TypedDict):
    """What her money is where she lives, by a rate that the operator has set: it is shown by this, and paid in `currency`."""

    currency: str
    rate_micro: Annotated[int, "Millionths of it for one unit of the ledger's currency."]
    day: date
    source: str


class WorkerSummary(TypedDict):
    pseudonym: str
    country: str
    reads: Annotated[list[str], "Languages that she works in; empty: not asked yet."]
    avoids: Annotated[list[str], "What she never wants to see: work that warns of it is not offered to her."]
    points: int
    level: int
    level_progress_bps: int
    streak_days: int
    goal_tasks: Annotated[int, "Tasks a day that are enough, as she set it; 0: no goal."]
    pending_micro: int
    available_micro: int
    in_flight_micro: int
    currency: str
    local: LocalRate | None
    earned_today_micro: int
    yours_today_micro: Annotated[int, "What of it is in her balance."]
    today_by: Annotated[datetime | None, "When the rest of today's base pay is hers at the latest."]
    answers_today: int
    wage_micro_per_hour: int | None
    may_hold: Annotated[int, "Tasks at once."]
    bans: Annotated[int, "How many hold now."]
    hold: Hold | None


class Terms(TypedDict):
    version: str
    agreed: str


class Me(TypedDict):
    name: str
    email: str | None
    phone: str | None
    language: str
    terms: Terms
    roles: list[Literal["worker", "requester", "reviewer", "admin"]]
    worker: WorkerSummary | None
    payout_min_micro: int


class Confirmed(TypedDict):
    """One of the two: the session is young again, or a code is on its way to this address."""

    confirmed: NotRequired[bool]
    sent_to: NotRequired[str]


class WalletLine(TypedDict):
    id: int
    at: datetime
    kind: str
    key: str
    amount_micro: int
    account: Literal["available", "pending"]
    balance_micro: int
    note: Annotated[dict[str, Any], "What the kind of transfer tells of itself."]


class StatementMonth(TypedDict):
    month: Annotated[str, "For example 2026-11."]
    opening_micro: int
    in_micro: int
    out_micro: Annotated[int, "Zero or below."]
    closing_micro: int


class Statements(TypedDict):
    currency: str
    results: list[StatementMonth]


class Wait(TypedDict):
    reason: Literal["first", "destination", "settling", "look"]
    until: datetime
    sentence: str
    appealed_at: datetime | None


class Payout(TypedDict):
    id: UUID
    amount_micro: int
    currency: str
    state: Literal[tuple(PayoutRow.State.values)]  # type: ignore[valid-type]
    destination: Annotated[str, "Its last digits."]
    receipt: str
    at: datetime
    wait: Wait | None


class HoldTold(TypedDict):
    reason: Literal["first_day", "flag"]
    until: datetime
    sentence: str


class PayoutTerms(TypedDict):
    currency: str
    operator: Annotated[str, "The rail that carries the money, as the operator has named it."]
    min_micro: int
    fee_micro: int
    free_micro: int
    new_number_wait_s: int
    day_micro: int
    hold: HoldTold | None
