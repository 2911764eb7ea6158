"""Exams: what a requester opens and is told, and what a worker reads of hers."""

from datetime import datetime
from typing import TypedDict

from api.contract.fields import Whole
from api.contract.requests import Body
from api.shapes.common import TaskType
from api.shapes.projects import Batch
from api.shapes.work import HistoryLine


class ExamMade(Body):
    """`seats`: how many people may sit it. Without `tasks` it is as short as guessing allows, without `base_micro` it pays the floor."""

    seats = Whole(least=1)
    tasks = Whole(default=None)
    base_micro = Whole(default=None)


class ExamFigures(TypedDict):
    """`least_tasks`: of the shortest exam that nobody passes by guessing (none: the known tasks are too few, or too much alike).
    sat, passed: people, in all exams of the project; again: retries; `cost_micro` with the fee."""

    asks_exam: bool
    running: Batch | None
    known: int
    least_tasks: int | None
    sat: int
    passed: int
    again: int
    cost_micro: int
    currency: str


class ExamSitting(TypedDict):
    """`right` of `counted` tasks, and how many of these pass, once it is over."""

    number: int
    ended_at: datetime | None
    right: int | None
    counted: int | None
    needed: int | None
    passed: bool


class ExamMiss(HistoryLine):
    """A miss, as her history has it: /work/history/{answer} tells the right answer and why, and it can be questioned."""

    sitting: int


class ExamResult(TypedDict):
    """Her exam of one project: passed with `needed` of its tasks right, else a free retry with other tasks, where there are any."""

    batch: int
    project: int
    title: str
    task_type: TaskType
    open: bool
    tasks: int
    needed: int
    base_micro: int
    currency: str
    passed: bool
    may_retry: bool
    why_not: str
    sittings: list[ExamSitting]
    missed: list[ExamMiss]
