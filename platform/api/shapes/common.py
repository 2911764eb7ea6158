"""Shapes that several rooms of the API share. Money: integer micro-units; times: ISO 8601."""

from typing import Annotated, Any, Literal, NotRequired, TypedDict

from api.contract.shapes import Ref
from labelling.task_types.parts import KINDS, ROLES

Value = Annotated[Any, Ref("AnswerValue")]  # with the ids of labels, as a phone has it
NamedValue = Annotated[Any, Ref("NamedValue")]  # with their names, and beside each its id
Words = Annotated[dict[str, str], "By language."]
Config = Annotated[dict, Ref("Config")]  # which settings there are is each task type's own
TaskType = Annotated[str, Ref("TaskType")]
Medium = Literal["image", "text", "audio", "video", "parts"]
Role = Literal["owner", "manager", "viewer"]


class LabelDef(TypedDict):
    """What can be answered."""

    id: str
    name: Words
    colour: NotRequired[str]


class Variant(TypedDict):
    """One size of a picture, or one form of a sound or clip; `url` is signed and holds for two days. frames: of a clip, in all."""

    url: str
    bytes: NotRequired[int]
    width: NotRequired[int]
    height: NotRequired[int]
    frames: NotRequired[int]


class Media(TypedDict):
    kind: Literal["image", "audio", "video"]
    width_px: int | None
    height_px: int | None
    duration_ms: int | None
    variants: dict[str, Variant]
    aids: NotRequired[
        dict[str, Variant]
    ]  # files that help to answer, as its type of answer needs them: fetched with it


class Part(TypedDict):
    """One of several things that an item is made of. Of media: `media`, else `text` or `json`."""

    id: str
    role: Literal[ROLES]  # type: ignore[valid-type]
    kind: Literal[KINDS]  # type: ignore[valid-type]
    text: NotRequired[str]
    json: NotRequired[Any]
    media: NotRequired[Media]


class SentPart(TypedDict):
    """A part as its requester sends it: it holds one of text, json, url and sha256 (of a file that the organisation sent before).
    `meta` is her own; nobody who answers sees it."""

    id: NotRequired[str]
    role: Literal[ROLES]  # type: ignore[valid-type]
    kind: NotRequired[Literal[KINDS]]  # type: ignore[valid-type]
    text: NotRequired[str]
    json: NotRequired[Any]
    url: NotRequired[str]
    sha256: NotRequired[str]
    meta: NotRequired[dict[str, Any]]


class Item(TypedDict):
    """What a task is about, as a worker sees it. `parts` stand in the order that this loan shows them in."""

    id: int
    text: NotRequired[str]
    media: NotRequired[Media]
    parts: NotRequired[list[Part]]


class Feedback(TypedDict):
    """Of a known task: whether the answer is right, and what is. `teaches`: the first miss in a project, which does not count."""

    right: bool
    truth: Value
    explanation: str
    teaches: NotRequired[bool]


class Ok(TypedDict):
    ok: bool
