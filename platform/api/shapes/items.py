"""A requester's items, and what stands behind each."""

from datetime import datetime
from typing import Annotated, Any, Literal, NotRequired, TypedDict

from api.contract.fields import Checked
from api.contract.requests import Body, Pages
from api.shapes.common import NamedValue
from labelling.data.items import MAX_WORDS, SORTS, STATES, YES_NO
from labelling.data.remove import MAX_ITEMS
from labelling.task_types.parts import KINDS, ROLES


class ItemsAsked(Pages):
    """An empty filter asks for nothing. `q`: words that the item holds, in any script; confidence and agreement in per cent."""

    q = Checked(Annotated[str, f"Words, at most {MAX_WORDS} characters."])
    state = Checked(Literal[("", *STATES)])  # type: ignore[valid-type]
    label = Checked(str)
    confidence_from = Checked(Annotated[str, "Per cent, 0 to 100."])
    confidence_to = Checked(Annotated[str, "Per cent, 0 to 100."])
    agreement_to = Checked(Annotated[str, "Per cent, 0 to 100."])
    gold = Checked(Literal[("", *YES_NO)])  # type: ignore[valid-type]
    reported = Checked(Literal[("", *YES_NO)])  # type: ignore[valid-type]
    batch = Checked(str)
    dataset = Checked(str)
    sort = Checked(Literal[("", *SORTS)])  # type: ignore[valid-type]


class ItemsRemoved(Body):
    items = Checked(Annotated[list[int], f"1 to {MAX_ITEMS} ids."], required=True)


class StoredMedia(TypedDict):
    kind: Literal["image", "audio", "video"]
    sha256: str
    width_px: int | None
    height_px: int | None
    duration_ms: int | None


class StoredPart(TypedDict):
    """A part as its requester knows it: of a file what it is, and her own notes."""

    id: str
    role: Literal[ROLES]  # type: ignore[valid-type]
    kind: Literal[KINDS]  # type: ignore[valid-type]
    text: NotRequired[str]
    json: NotRequired[Any]
    sha256: NotRequired[str]
    file_name: NotRequired[str]
    width_px: NotRequired[int]
    height_px: NotRequired[int]
    duration_ms: NotRequired[int]
    meta: NotRequired[dict[str, Any]]


class Payload(TypedDict):
    text: NotRequired[str]
    parts: NotRequired[list[StoredPart]]


class Decision(TypedDict):
    """`inputs_hash` is of all that it was made from: who has them makes the same again."""

    value: NamedValue
    confidence_ppm: int | None
    agreement_ppm: int | None
    answers_used: int
    final: bool
    sure: bool
    source: str
    method: str
    inputs_hash: str


class RequesterItem(TypedDict):
    id: int
    dataset: int
    external_id: str
    file_name: str
    payload: Payload
    metadata: Annotated[dict[str, Any], "The columns that mean nothing to us, as they came."]
    is_gold: bool
    is_reported: bool
    media: StoredMedia | None
    decision: Decision | None
    created_at: datetime


class AnswerBehind(TypedDict):
    worker: Annotated[str, "Her pseudonym."]
    batch: int
    value: NamedValue
    counted: bool
    active_ms: int
    suggestion_shown: bool
    agreed: bool | None
    at: datetime


class GoldBehind(TypedDict):
    truth: NamedValue
    explanation: str
    retired_at: datetime | None


class EarlierDecision(TypedDict):
    value: NamedValue
    method: str
    decided_at: datetime


class ReportBehind(TypedDict):
    worker: str
    reason: str


class RowBehind(TypedDict):
    external_id: str
    file_name: str
    metadata: dict[str, Any]


class ItemInFull(RequesterItem):
    """An item with each answer, what was decided before, reports, and the rows that it came from."""

    answers: list[AnswerBehind]
    gold: GoldBehind | None
    earlier_decisions: list[EarlierDecision]
    reports: list[ReportBehind]
    rows: list[RowBehind]
