"""What is asked, and what becomes of what was answered."""

from datetime import datetime
from typing import Annotated, Literal, NotRequired, TypedDict

from api.contract.fields import Checked, Text, Whole, YesNo
from api.contract.requests import Body
from api.shapes.common import Config, Feedback, Item, LabelDef, Medium, TaskType, Value, Words
from consensus.app.actions.review_item import MAX_REASON


class LabelsChanged(Body):
    """`labels`: all that are asked from now on, in order. `merge`: {label: the label that it is one with now}. `retire`: asked no
    more. Each label of before is in one of the three. With `preview` nothing is changed."""

    labels = Checked(list[LabelDef], required=True)
    merge = Checked(dict[str, str], default=dict)
    retire = Checked(list[str], default=list)
    preview = YesNo(default=False)


class AskAgain(Body):
    """`items`, or else a `label` or `which`; what is not said of the price is the last batch's."""

    items = Checked(list[int], default=list)
    label = Text(most=1000, default="")
    which = Text(most=20, required=False)
    name = Text(most=120, default="Asked again")
    preview = YesNo(default=False)
    base_micro = Whole(default=None)
    bonus_micro = Whole(default=None)
    min_answers = Whole(default=None)
    max_answers = Whole(default=None)


class LabelCorrected(Body):
    value = Checked(Value)
    reason = Text(most=MAX_REASON, default="")


class Tried(Body):
    item = Whole()
    value = Checked(Value)


class LabelChange(TypedDict):
    id: str
    what: Literal["added", "renamed", "merged", "retired"]
    into: NotRequired[str]


class Question(TypedDict):
    """A version of what is asked. A version stands as it was written."""

    id: int
    number: int
    title: str
    instructions: Words
    config: Config
    changes: list[LabelChange]
    sha256: str
    created_at: datetime


class Effect(TypedDict):
    """What holds the label now."""

    label: str
    answers: int
    decided: int
    golds: int


class LabelsChange(TypedDict):
    question: Question
    touched: list[Effect]
    preview: bool


class AskAgainCost(TypedDict):
    """What asking again comes to at most; what is not used comes back."""

    items: int
    escrow_micro: int
    funds_micro: int
    currency: str


class Trial(TypedDict):
    """The task as a worker sees it."""

    project: int
    title: str
    task_type: TaskType
    medium: Medium
    language: str
    instructions: Words
    config: Config
    base_micro: int
    currency: str
    items: list[Item]


class TrialFeedback(TypedDict):
    feedback: Annotated[Feedback | None, "null: no known task."]
