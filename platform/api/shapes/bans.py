"""A worker's bans and her appeals."""

from datetime import datetime
from typing import Annotated, Literal, NotRequired, TypedDict

from api.contract.fields import Checked
from api.contract.requests import Body
from api.shapes.common import Words
from labelling.models import Ban as BanRow


class BanAppealed(Body):
    words = Checked(str, required=True)


class Evidence(TypedDict):
    """What was counted on that day; which numbers there are depends on the kind."""

    kind: str
    project: int
    title: str
    numbers: dict[str, float | str]
    label_names: NotRequired[Words]
    first_seq: NotRequired[int]
    last_seq: NotRequired[int]


class Appeal(TypedDict):
    words: str
    made_at: datetime
    answer_by: datetime
    outcome: Literal["", "won", "lost", "silence", "lifted"]
    answer: str
    decided_at: datetime | None


class Ban(TypedDict):
    ban: int
    project: Annotated[int | None, "null: all work."]
    title: str | None
    reason: Literal[tuple(BanRow.Reason.values)]  # type: ignore[valid-type]
    sentence: str
    evidence: list[Evidence]
    starts_at: datetime
    until: datetime
    stands: bool
    lifted_at: datetime | None
    lifted_because: Literal["", "over", "admin", "appeal", "silence"]
    lift_note: str
    may_appeal: bool
    appeal: Appeal | None
