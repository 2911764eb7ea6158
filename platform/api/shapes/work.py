"""The phone's work: what is on offer, tasks on loan, answers, history, scores."""

from datetime import datetime
from typing import Annotated, Any, Literal, NotRequired, TypedDict
from uuid import UUID

from api.contract.document import Refused
from api.contract.fields import Checked, Moment, Uuid, Whole, YesNo
from api.contract.requests import Body, Query
from api.shapes.common import Config, Feedback, Item, Medium, Part, TaskType, Value, Words
from api.shapes.spoken import Sound
from kernel.content_warnings import CATEGORIES
from labelling.models.belts import BELTS
from labelling.work.return_lease import REASONS
from labelling.work.submissions import DEVICE_CLASSES
from labelling.work.work_listing import OFFER_PAGES

Belt = Literal[BELTS]  # type: ignore[valid-type]
Warned = Annotated[
    list[Literal[CATEGORIES]],  # type: ignore[valid-type]
    "What in it may disturb: she reads it before the first task, and pictures, films and texts are covered until she asks.",
]


class BeltMissing(TypedDict):
    """A belt that she has not yet; `right_needed`: so many known tasks of the kind, all of them right."""

    belt: Belt
    right_needed: int | None


class ExamMissing(TypedDict):
    """The exam that she has to pass first: its batch (none: there is none just now), and what each of its tasks pays."""

    batch: int | None
    tasks: int
    base_micro: int


class OfferPage(Query):
    page = Whole(least=1, most=OFFER_PAGES, default=1)


class OneOffer(Query):
    """`question`: the version that a lease names; without it, as it is asked now."""

    question = Whole(default=None)


class Draw(Body):
    """`id`: made by who draws, so that asking again is drawing once. `pack`: to be taken along, without signal. `agrees`: what of the
    offer's `warnings` she has read and wants to see; all of them, or nothing is lent."""

    batch = Whole()
    n = Checked(Annotated[int, "1 to 50; 1 if it is left out."], default=1)
    id = Uuid(required=False)
    pack = YesNo(default=False)
    agrees = Checked(list[str], default=list)


class Renew(Body):
    batch = Whole()
    pack = YesNo(default=False)


class SentAnswer(TypedDict):
    """`id` is made by the phone: the same answer sent again is taken once."""

    id: UUID
    lease: UUID
    value: Value
    active_ms: NotRequired[int]
    device_class: NotRequired[Literal["", *DEVICE_CLASSES]]  # type: ignore[valid-type]
    suggestion_shown: NotRequired[bool]


class Answers(Body):
    """1 to 50 at once."""

    answers = Checked(list[SentAnswer], required=True)


class Skip(Body):
    """`active_ms`: how long she had it before her; it is in her wage, within what has passed on the server's clock."""

    lease = Uuid()
    active_ms = Whole(default=0)


class Reading(Body):
    """`id`: made by the phone. `active_ms` as of a task that is handed back."""

    id = Uuid()
    batch = Whole()
    active_ms = Whole()


class Report(Body):
    lease = Uuid()
    active_ms = Whole(default=0)
    reason = Checked(Literal[REASONS], required=True)  # type: ignore[valid-type]
    comment = Checked(str, default="")


class MissAppealed(Body):
    answer = Uuid()
    words = Checked(str, default="")


class Offer(TypedDict):
    """`task_s` is measured where enough people have worked there (`task_time_measured`), else the requester's estimate."""

    batch: int
    project: int
    title: str
    requester: str
    task_type: TaskType
    medium: Medium
    language: str
    base_micro: int
    bonus_micro: int
    topped_micro: Annotated[int, "On top of the base now: the tasks take longer than their requester thought."]
    fee_micro: Annotated[int, "What the requester pays the platform on top of the base of a task."]
    currency: str
    task_s: int
    task_time_measured: bool
    wage_micro_per_hour: int
    open_items: Annotated[int, "Counted to 100."]
    training: Annotated[bool, "Worked examples: each teaches at once, is paid, and counts for nothing."]
    asks_belt: Belt
    exam_tasks: Annotated[int, "Of an exam: so many tasks a sitting. What was right is told when it is over. 0: none."]
    exam_needed: Annotated[int, "so many of them right pass."]
    warnings: Warned
    missing: Annotated[BeltMissing | None, "What she needs before she may draw; none: she may."]
    exam_missing: ExamMissing | None
    bytes_per_task: int
    offer_hash: str
    lease_s: Annotated[int, "A task is hers so long;"]
    pack_s: Annotated[int, "taken along, so long (0: not to be taken);"]
    late_s: Annotated[int, "and what she did in that time is paid when it is sent this much later."]
    deadline: datetime | None


class ExamplePicture(TypedDict):
    url: str
    width_px: int
    height_px: int


class Example(TypedDict):
    """A task that was done well, to learn from: its text, picture or parts, the answer, and why."""

    text: NotRequired[str]
    picture: NotRequired[ExamplePicture]
    parts: NotRequired[list[Part]]
    value: Value
    why: Words


class HalfTook(TypedDict):
    """Half of the newest answers took from `low` to `high` seconds."""

    low: int
    high: int


class OfferInFull(Offer):
    """An offer with what its tasks need: how they are done, in her language, the labels and examples."""

    instructions: Words
    config: Config
    examples: list[Example]
    half_took_s: Annotated[HalfTook | None, "The middle half of the measured times; none while too few were measured."]
    question: Annotated[int | None, "The version of the question that these tell."]
    spoken: Annotated[Sound | None, "The instructions as a sound; none: nobody has recorded what stands there now."]
    agreed: Annotated[list[str], "What of `warnings` she has agreed to see, on whichever phone."]


class Suggestion(TypedDict):
    value: Value
    confidence_ppm: int | None
    model_version: int | None


class Lease(TypedDict):
    """A task on loan. An answer that was given until `expires_at` is paid if it arrives until `paid_until`."""

    lease: UUID
    batch: int
    project: int
    item: Item
    question: int | None
    suggestion: NotRequired[Suggestion]
    expires_at: datetime
    paid_until: datetime


class Leases(TypedDict):
    leases: list[Lease]


class RenewedLease(TypedDict):
    lease: UUID
    expires_at: datetime
    paid_until: datetime


class RenewedLeases(TypedDict):
    leases: list[RenewedLease]


class Receipt(TypedDict):
    """A promise of pay; what is signed are the canonical bytes of `body` (docs/receipt.md)."""

    body: dict[str, Any]
    signature: str
    key_id: NotRequired[str]


class AnswerResult(TypedDict):
    """`waits`: nothing was taken, for a reason that passes: send it again later."""

    id: str
    status: Literal["accepted", "repeated", "refused", "waits"]
    receipt: NotRequired[Receipt]
    feedback: NotRequired[Feedback]
    error: NotRequired[Refused]


class AnswerResults(TypedDict):
    results: list[AnswerResult]


class MissAppeal(TypedDict):
    """Her appeal against a missed known task."""

    words: str
    answer_by: datetime
    outcome: Literal["", "won", "lost", "silence"]
    reply: str
    paid_micro: int


class MissAppealOf(TypedDict):
    answer: UUID
    appeal: MissAppeal


class HistoryLine(TypedDict):
    answer: UUID
    seq: int
    project: int
    title: str
    task_type: TaskType
    value: Value
    at: datetime
    base_micro: int
    bonus_micro: int | None
    top_up_micro: Annotated[int, "On top of the base: its task took longer than was thought."]
    fee_micro: Annotated[int, "What its requester paid the platform on top of this."]
    score_bps: int | None
    currency: str
    state: Literal["pending", "settled"]
    agreed: bool | None
    gold_right: bool | None
    taught: Annotated[bool, "The first miss in its project, which did not count."]
    appeal: MissAppeal | None
    may_appeal: bool
    receipt: Receipt


class HistoryTold(TypedDict):
    """One answer of hers with what it was about; the right answer where she was told it."""

    answer: UUID
    project: int
    value: Value
    item: Item
    config: Config
    warnings: Warned
    truth: NotRequired[Value]
    explanation: NotRequired[str]


class NewsAsked(Query):
    since = Moment(default=None)


class News(TypedDict):
    settled: int
    confirmed: Annotated[int, "By the others' answers or by a known task."]
    earned_micro: int
    currency: str
    until: Annotated[datetime, "What the next question's `since` should be."]
