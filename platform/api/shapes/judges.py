"""Models that a project has hired to judge. docs/decisions/judges.md"""

from datetime import datetime
from typing import Literal, TypedDict

from api.contract.fields import OneOf, Text, Whole
from api.contract.requests import Body
from ml_assist.judges.figures import Figures
from ml_assist.judges.hire import MAX_KEY, MAX_MODEL, MAX_NAME, MAX_PROMPT, MOST_CALLS, MOST_PRICE_MICRO
from ml_assist.judges.protocols import PROTOCOLS


class Hired(Body):
    """`address`: of the model; `model`: what it is called there; `key` opens it, and is never told again. `prompt`: what a chat endpoint is
    asked with. At most `most_calls` calls, of `price_micro` each: all of it lies in escrow."""

    name = Text(most=MAX_NAME)
    protocol = OneOf(choices=PROTOCOLS)
    address = Text(most=500)
    model = Text(most=MAX_MODEL, default="")
    key = Text(most=MAX_KEY, default="")
    prompt = Text(most=MAX_PROMPT, default="")
    price_micro = Whole(most=MOST_PRICE_MICRO, default=0)
    most_calls = Whole(least=1, most=MOST_CALLS)


class ExaminedAnew(Body):
    """With this prompt, or with the one it has."""

    prompt = Text(most=MAX_PROMPT, required=False)


class Dismissed(Body):
    reason = Text(most=500)


class Exam(TypedDict):
    """Of `known` tasks `right` were right, between `low_ppm` and `high_ppm` (95 %); always giving the most frequent answer would reach
    `chance_ppm`. The alternative annotator test beside `people` people: won against `winning_rate_ppm` of them."""

    known: int
    right: int
    low_ppm: int
    high_ppm: int
    chance_ppm: int
    people: int
    winning_rate_ppm: int
    advantage_ppm: int | None
    alternative: Literal["passed", "failed", "not_held"]


class Judge(TypedDict):
    """`may`: what it may decide today: nothing; be heard beside people; or stand in for one of those whom an item needs."""

    id: int
    project: int
    name: str
    protocol: Literal[PROTOCOLS]  # type: ignore[valid-type]
    address: str
    model: str
    state: Literal["exam", "failed", "advises", "stands_in", "stopped", "dismissed"]
    may: Literal["nothing", "be_heard", "stand_in"]
    reason: str
    price_micro: int
    most_calls: int
    calls: int
    exam: Exam | None
    failures: int
    last_error: str
    rests_until: datetime | None
    created_at: datetime
    dismissed_at: datetime | None


class Version(TypedDict):
    """What it is asked with; `served_by`: what the address calls the model that answers."""

    number: int
    prompt: str
    sha256: str
    served_by: str


class JudgeInFull(TypedDict):
    judge: Judge
    version: Version
    figures: Figures
