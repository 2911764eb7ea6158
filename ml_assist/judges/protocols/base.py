"""What a protocol is: what it can ask of which project, what is sent, and what an answer means. Pure of the database."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from labelling.task_types.label_names import label_finder, labels_within, name_of, with_ids
from labelling.task_types.task_type import TaskType

MAX_SERVED = 200  # characters of what an address calls its model


class NoAnswer(Exception):
    """What the model said is no answer to the question; the message is what it said."""


@dataclass(frozen=True)
class Asked:
    """One item as a model is told of it. content: of each part (role, "text", its words) or (role, "image", its bytes and media type)."""

    item: int
    content: list[tuple[str, str, Any]]


@dataclass(frozen=True)
class Where:
    """The address, and what stands for the judge there; `key` opens it."""

    address: str
    model: str
    key: str
    prompt: str


@dataclass(frozen=True)
class Request:
    url: str
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True)
class Answered:
    """value: as it was said, with labels' names or ids; served_by: what the address calls the model that answered."""

    value: Any
    served_by: str


@dataclass(frozen=True)
class Protocol:
    """can_ask(kind): whether answers of a type can be asked for; request(where, asked, question): what is sent for one item; read(body,
    question): what came back, or NoAnswer. takes_prompt: whether there is a prompt to state."""

    title: str
    takes_prompt: bool
    can_ask: Callable[[TaskType], bool]
    request: Callable[[Where, Asked, Mapping[str, Any]], Request]
    read: Callable[[bytes, Mapping[str, Any]], Answered]


def json_of(body: bytes) -> Any:
    """JSON, or NoAnswer."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        raise NoAnswer(body.decode("utf-8", "replace")) from None


def value_of(said: Any, config: Mapping[str, Any]) -> Any:
    """The value with the ids of labels."""
    return with_ids(said, label_finder(config))


def label_list(config: Mapping[str, Any]) -> list[str]:
    """What the requester calls her labels, in her order."""
    return [name_of(label) for label in labels_within(config)]


def posted(where: Where, path: str, scheme: str, key: str, body: Any) -> Request:
    """JSON to a path under the address; scheme: how the key is told there."""
    headers = {"Content-Type": "application/json", "Accept": "application/json"}
    if key:
        headers["Authorization"] = f"{scheme} {key}"
    raw = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
    return Request(f"{where.address.rstrip('/')}/{path}", headers, raw)


def answered(value: Any, served: Any) -> Answered:
    """served: what stands where the address names its model, which may be anything."""
    return Answered(value, served[:MAX_SERVED] if isinstance(served, str) else "")
