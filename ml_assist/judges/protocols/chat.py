"""An OpenAI-compatible chat endpoint: POST {address}/chat/completions. The requester's prompt stands first, then what an answer looks like.

`{"model", "messages", "temperature": 0}`; the answer is choices[0].message.content: the value as JSON, or, where an answer is one label,
its name alone. Pictures go as data URLs.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Mapping
from typing import Any

from labelling import task_types
from labelling.task_types.label_names import label_finder
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

_OBJECT = re.compile(r"\{.*\}", re.DOTALL)


def can_ask(kind: TaskType) -> bool:
    return True


def request(where: Where, asked: Asked, question: Mapping[str, Any]) -> Request:
    content = [_piece(role, kind, what) for role, kind, what in asked.content]
    messages: list[dict[str, Any]] = [
        {"role": "system", "content": f"{where.prompt}\n\n{frame(question)}"},
        {"role": "user", "content": content},
    ]
    if all(piece["type"] == "text" for piece in content):
        messages[1] |= {"content": "\n\n".join(piece["text"] for piece in content)}
    body = {"model": where.model, "messages": messages, "temperature": 0}
    return posted(where, "chat/completions", "Bearer", where.key, body)


def frame(question: Mapping[str, Any]) -> str:
    """What an answer looks like, in words that any model of the kind reads."""
    shape = task_types.get(question["task_type"]).schema
    labels = label_list(question["config"])
    lines = [f"The labels are: {json.dumps(labels, ensure_ascii=False)}."] if labels else []
    lines.append(
        f"Answer with one JSON object and nothing else. Its JSON Schema is: {json.dumps(shape, ensure_ascii=False)}"
    )
    return "\n".join(lines)


def _piece(role: str, kind: str, what: Any) -> dict[str, Any]:
    if kind == "image":
        media_type, raw = what
        return {"type": "image_url", "image_url": {"url": f"data:{media_type};base64,{base64.b64encode(raw).decode()}"}}
    return {"type": "text", "text": f"[{role}]\n{what}" if role else what}


def read(body: bytes, question: Mapping[str, Any]) -> Answered:
    told = json_of(body)
    try:
        text = told["choices"][0]["message"]["content"]
    except (LookupError, TypeError):
        raise NoAnswer(told) from None
    if not isinstance(text, str):
        raise NoAnswer(told)
    return answered(_value(text, question), told.get("model"))


def _value(text: str, question: Mapping[str, Any]) -> Any:
    """JSON anywhere in it; else a label's name, where one label is the answer."""
    if found := _OBJECT.search(text):
        try:
            return json.loads(found[0])
        except (ValueError, RecursionError):
            raise NoAnswer(text) from None
    if task_types.get(question["task_type"]).scalar == "label" and label_finder(question["config"])(
        text.strip().strip(".\"'")
    ):
        return {"label": text.strip().strip(".\"'")}
    raise NoAnswer(text)


PROTOCOL = Protocol("OpenAI-compatible chat", True, can_ask, request, read)
