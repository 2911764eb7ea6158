"""A requester's projects, datasets, known tasks and batches."""

from datetime import datetime
from typing import Annotated, Any, Literal, NotRequired, TypedDict

from django.conf import settings

from api.contract.fields import Checked, Moment, OneOf, Text, Whole, YesNo
from api.contract.requests import Body, Pages
from api.shapes.common import Config, LabelDef, Medium, NamedValue, SentPart, TaskType, Value, Words
from api.shapes.work import Belt, Warned
from labelling.task_types.parts import KINDS


class Expected(TypedDict):
    """Of a role: how many parts at least (1) and at most, and of which kinds (any)."""

    least: NotRequired[int]
    most: NotRequired[int]
    kinds: NotRequired[list[Literal[KINDS]]]  # type: ignore[valid-type]


Expects = Annotated[
    dict[str, Expected],
    "Of items of several parts: the roles that each must have; an import names the part that is wrong.",
]


class ProjectsAsked(Pages):
    archived = OneOf(choices=["yes", "no"], default="no")


class _Settings(Body):
    """What of a project can be changed later. `titles`: where it is called otherwise in a language."""

    titles = Checked(Words)
    instructions = Checked(Words)
    language = Checked(Annotated[str, "A language tag, for example en or zh-Hant."])
    config = Checked(Config)
    target_ppm = Whole(required=False)
    min_answers = Whole(required=False)
    max_answers = Whole(required=False)
    gold_share_bps = Whole(required=False)
    estimated_task_s = Whole(required=False)
    asks_belt = Text(most=10, required=False)
    asks_exam = Checked(bool)
    asks_team = Whole(least=1, required=False, allow_null=True)
    warnings = Checked(list[str])
    suggestions_enabled = Checked(bool)
    label_api_threshold_ppm = Whole(required=False)
    label_api_audit_bps = Whole(required=False)
    expects = Checked(Expects)


class ProjectMade(_Settings):
    organisation = Whole()
    title = Text(most=120)
    task_type = Text(most=120)
    medium = Text(most=120)


class ProjectEdited(_Settings):
    title = Text(most=120, required=False)


class DatasetMade(Body):
    name = Text(most=120)


class GoldSet(Body):
    """`item`, or `text`, `parts` or `messages`, which makes one first."""

    item = Whole(required=False)
    text = Text(most=5000, required=False)
    parts = Checked(list[SentPart])
    messages = Checked(list[Any])
    truth = Checked(Value)
    explanation = Text(most=2000, default="")


class BatchMade(Body):
    """`base_micro` is paid for each honest answer, `bonus_micro` at most on top of it for skill, and `top_up_micro` at most where the tasks
    turn out to take longer than the project says: it goes into escrow, and what is not needed comes back."""

    name = Text(most=120)
    base_micro = Whole()
    bonus_micro = Whole(default=0)
    top_up_micro = Whole(default=0)
    deadline = Moment(default=None)
    keep_open = YesNo(default=False)
    limit = Whole(least=1, default=None)
    lease_s = Whole(default=settings.LEASE_S)
    pack_s = Whole(default=settings.PACK_LEASE_S)
    min_answers = Whole(default=None)
    max_answers = Whole(default=None)


class TrainingMade(Body):
    """`seats`: how many people may do it. Without `base_micro` an example pays the wage floor."""

    seats = Whole(least=1)
    examples = Whole(default=10)
    base_micro = Whole(default=None)


class BatchOpened(Body):
    limit = Whole(least=1, default=None)


class PastLabel(LabelDef):
    """A label that is asked no more; `into`: the one that it was merged into."""

    into: str | None


class Project(TypedDict):
    id: int
    organisation: int
    title: str
    titles: Words
    task_type: TaskType
    medium: Medium
    config: Config
    instructions: Words
    language: str
    target_ppm: int
    min_answers: int
    max_answers: int
    gold_share_bps: int
    estimated_task_s: int
    asks_belt: Annotated[Belt, "The skill belt that new tasks are lent for."]
    asks_exam: Annotated[bool, "New tasks are lent to who has passed the project's exam."]
    asks_team: Annotated[int | None, "Work, training and exams are lent to this team of the organisation alone."]
    warnings: Warned
    suggestions_enabled: bool
    label_api_threshold_ppm: int
    label_api_audit_bps: int
    expects: Expects
    question: Annotated[int | None, "The version of the question that is asked now."]
    past_labels: list[PastLabel]
    created_at: datetime
    archived_at: datetime | None


class Dataset(TypedDict):
    id: int
    project: int
    name: str


class Removed(TypedDict):
    """What nobody has worked on is deleted, the rest archived."""

    deleted: int
    archived: int


class NewGold(TypedDict):
    item: int
    truth: NamedValue
    explanation: str


class Gold(NewGold):
    """A known task: how often it was asked and missed, and by how many."""

    retired_at: datetime | None
    asked: int
    missed: int
    missed_by: int


class WorkerFigures(TypedDict):
    """What a worker has done in a project, and how well."""

    worker: Annotated[str, "Her pseudonym."]
    answers: Annotated[int, "That are settled;"]
    active_ms: Annotated[int, "so long, in all."]
    gold_seen: Annotated[int, "Known tasks that count;"]
    gold_right: Annotated[int, "of these right."]
    decided: Annotated[int, "Answers to items that are decided;"]
    agreed: Annotated[int, "of these like the decision."]
    skips: int
    reports: int


WORKER_COUNTS = tuple(name for name in WorkerFigures.__annotations__ if name != "worker")


class Batch(TypedDict):
    id: int
    project: int
    name: str
    state: Literal["draft", "open", "closed"]
    currency: str
    base_micro: int
    bonus_micro: int
    top_up_micro: Annotated[int, "What was agreed to for each answer at most;"]
    topped_micro: Annotated[int, "what each is paid of it now."]
    fee_bps: int
    pay_rule_version: int
    offer_hash: str
    escrow_micro: int
    items_total: int
    items_done: int
    keep_open: bool
    training: bool
    exam_tasks: Annotated[int, "Of an exam: so many a sitting."]
    item_limit: int | None
    min_answers: int
    max_answers: int
    deadline: datetime | None
    owing: Annotated[bool, "A deposit was taken back: put the money in again and resume."]
    paused: bool


class Closing(TypedDict):
    """What becomes of a batch that is closed now. `claimable_micro` is kept for who may still answer, is still paid, or may appeal."""

    undecided: int
    leases_out: int
    unsettled_answers: int
    returned_micro: int
    claimable_micro: int
    currency: str
