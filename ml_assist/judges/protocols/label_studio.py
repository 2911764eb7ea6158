"""A Label Studio ML backend: POST {address}/predict with tasks and the labelling configuration, as Label Studio itself asks.

`{"tasks": [{"id", "data"}], "project", "label_config", "params"}` -> `{"results": [{"result": [...], "score", "model_version"}]}`. Of its
control tags Choices is spoken: projects whose answer is a label, or a set of labels, on text or pictures.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any
from xml.sax.saxutils import quoteattr

from labelling import task_types
from labelling.task_types.task_type import TaskType
from ml_assist.judges.protocols.base import (
    Answered,
    Asked,
    NoAnswer,
    Protocol,
    Request,
    Where,
    answered,
    json_of,
    label_list,
    posted,
)

CONTROL, DATA = "answer", "item"


def can_ask(kind: TaskType) -> bool:
    return kind.scalar in ("label", "labels") and kind.needs_labels


def request(where: Where, asked: Asked, question: Mapping[str, Any]) -> Request:
    is_picture = any(kind == "image" for _, kind, _ in asked.content)
    body = {
        "tasks": [{"id": asked.item, "data": {DATA: _data(asked)}}],
        "project": f"{question['project']}.0",
        "label_config": label_config(question, is_picture),
        "params": {"login": None, "password": None, "context": None},
    }
    return posted(where, "predict", "Basic", base64.b64encode(where.key.encode()).decode(), body)


def _data(asked: Asked) -> str:
    pictures = [what for _, kind, what in asked.content if kind == "image"]
    if pictures:
        media_type, raw = pictures[0]
        return f"data:{media_type};base64,{base64.b64encode(raw).decode()}"
    return "\n\n".join(what for _, _, what in asked.content)


def label_config(question: Mapping[str, Any], is_picture: bool) -> str:
    """The project as Label Studio writes one."""
    many = task_types.get(question["task_type"]).scalar == "labels"
    tag = "Image" if is_picture else "Text"
    choices = "".join(f"<Choice value={quoteattr(name)}/>" for name in label_list(question["config"]))
    control = (
        f'<Choices name="{CONTROL}" toName="{DATA}" choice="{"multiple" if many else "single"}">{choices}</Choices>'
    )
    return f'<View><{tag} name="{DATA}" value="${DATA}"/>{control}</View>'


def read(body: bytes, question: Mapping[str, Any]) -> Answered:
    told = json_of(body)
    try:
        found = told["results"][0]
        found = found[0] if isinstance(found, list) else found
        chosen = [name for one in found["result"] if one["type"] == "choices" for name in one["value"]["choices"]]
    except (LookupError, TypeError):
        raise NoAnswer(told) from None
    many = task_types.get(question["task_type"]).scalar == "labels"
    if not many and len(chosen) != 1:
        raise NoAnswer(told)
    return answered({"labels": chosen} if many else {"label": chosen[0]}, found.get("model_version"))


PROTOCOL = Protocol("Label Studio ML backend", False, can_ask, request, read)
