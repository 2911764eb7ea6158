"""The label API: an item in, a label out."""

from datetime import date, datetime
from typing import Annotated, Any, Literal, NotRequired, TypedDict
from uuid import UUID

from api.contract.fields import Checked, Text, Uuid, Whole
from api.contract.requests import Body, Query
from api.shapes.common import NamedValue, SentPart

MAX_WAIT_S = 60


class WaitFor(Query):
    """Seconds to wait for people."""

    wait = Whole(most=MAX_WAIT_S, default=0)


class DaysAsked(Query):
    days = Whole(least=1, most=3650, default=30)


class ToLabel(TypedDict):
    """One of them. `messages`: a chat, as chat completions write it; each becomes a part."""

    text: NotRequired[str]
    url: NotRequired[str]
    parts: NotRequired[list[SentPart]]
    messages: NotRequired[list[Any]]


class LabelAsked(Body):
    """`id` is made by the caller: the same request sent again is asked once."""

    id = Uuid(required=False)
    item = Checked(ToLabel)
    external_id = Text(most=200, default="")


class FileToLabel(Body):
    id = Uuid(required=False)
    external_id = Text(most=200, default="")
    file = Checked(bytes)


class LabelAnswer(TypedDict):
    """`source`: the model when it was sure, else people."""

    id: UUID
    project: int
    item: int
    status: Literal["waiting", "answered"]
    source: Literal["model", "crowd"] | None
    value: NamedValue | None
    confidence_ppm: int | None
    model_version: int | None
    cost_micro: int
    requested_at: datetime
    answered_at: datetime | None


class Audits(TypedDict):
    """The model's answers that people checked, with a 95 % Wilson interval."""

    asked: int
    checked: int
    right: int
    accuracy: float | None
    low: float | None
    high: float | None


class Latency(TypedDict):
    p50: float
    p95: float
    p99: float


class LabelDay(TypedDict):
    day: date
    requests: int
    by_model: int
    by_crowd: int
    audits_right: int
    audits_checked: int
    cost_micro: int


class LabelReport(TypedDict):
    requests: int
    answered_by_model: int
    answered_by_crowd: int
    waiting: int
    model_share: Annotated[float | None, "Of what was answered."]
    audits: Audits
    latency_s: Annotated[dict[str, Latency], "By source."]
    cost_micro: int
    cost_per_label_micro: int | None
    days: list[LabelDay]


class LabelsPromised(Body):
    """Of the labels given at most `error_ppm` are wrong, `confidence_ppm` sure, if people are wrong on at most `reference_error_ppm`.
    `budget_micro`: what a label may cost in the mean."""

    error_ppm = Whole()
    confidence_ppm = Whole(default=950_000)
    reference_error_ppm = Whole(default=0)
    budget_micro = Whole(default=None)


class LabelPromise(TypedDict):
    """`threshold_ppm`: from this confidence on the model answers alone; null: it answers nothing yet, and people answer everything. Of
    `draws` (`waiting`: drawn, and not decided yet) `wrong` are wrong and at least so sure; `bound_ppm`: so many of all labels are wrong, at
    most. `price_micro`: what a label costs in the mean as it stands; where that is above `budget_micro`, the state is too_dear."""

    project: int
    state: Literal["open", "kept", "too_dear"]
    error_ppm: int
    confidence_ppm: int
    reference_error_ppm: int
    budget_micro: int | None
    threshold_ppm: int | None
    draws: int
    waiting: int
    wrong: int
    bound_ppm: int
    model_share_ppm: int
    price_micro: int | None
    currency: str | None
    since: datetime


class StatedByDraws(TypedDict):
    threshold_ppm: int
    wrong: int
    model_share_ppm: int
    bound_ppm: int
    changed: bool


class LabelPromiseBody(TypedDict):
    """`draws`: of each, in their order, the id of its request, how sure the model was in millionths, and whether it was right."""

    v: str
    project: int
    model_version: int | None
    since: datetime
    error_ppm: int
    confidence_ppm: int
    reference_error_ppm: int
    threshold_before_ppm: int
    draws: list[list[str | int | bool]]
    waiting: int
    stated: StatedByDraws


class SignedLabelPromise(TypedDict):
    """The books of a promise: `python -m labelling.proof.warranty label-promise.json` recomputes its bound."""

    body: LabelPromiseBody
    signature: str
    public_key: str
