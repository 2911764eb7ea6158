"""What a worker's pay is made of: her time, her counts, her belts, and the rule."""

from datetime import date
from typing import Annotated, TypedDict

from api.shapes.common import Medium, TaskType
from api.shapes.work import Belt


class Worked(TypedDict):
    """`active_ms` is all her time, of which a wage is made: on answers, on reading how it is done, on tasks that she gave back."""

    answers: int
    active_ms: int
    reading_ms: int
    returned_ms: int
    earned_micro: int
    currency: str
    wage_micro_per_hour: int | None


class WorkedDay(Worked):
    day: date


class ScoreRow(Worked):
    """The counts of the pay rule in one project, the score they make, and what the next right answer would make it."""

    project: int
    title: str
    gold_right: int
    gold_seen: int
    taught: bool
    agreed: int
    decided: int
    score_bps: int
    score_after_gold_bps: int
    score_after_agreed_bps: int


class KindRow(Worked):
    """A kind of task, over all projects. From ten minutes on a wage, and the spread that half of her answers lie in; her belt
    (docs/decisions/belts.md), and how many known tasks, all of them right, the next one takes."""

    task_type: TaskType
    medium: Medium
    wage_low_micro_per_hour: int | None
    wage_high_micro_per_hour: int | None
    belt: Belt
    sure_bps: Annotated[int, "The share of right answers that we are 90 % sure of."]
    known: int
    waiting: Annotated[
        int, "Misses among these that she appeals against: until they are answered they take no belt away."
    ]
    right: int
    next_belt: Belt | None
    right_needed: int | None


class PayRule(TypedDict):
    version: int
    text: str
    hash: str


class Scores(TypedDict):
    results: list[ScoreRow]
    days: list[WorkedDay]
    kinds: list[KindRow]
    rule: PayRule
