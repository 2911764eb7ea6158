"""How TRL's formats say what was asked and what was answered: as texts (standard), or as messages where all that was asked are such
(conversational). huggingface/trl, docs/source/dataset_formats.md."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from labelling.task_types.chats import parts_of_messages

ANSWERS = ("candidate", "left", "right")
_AS_CHAT = {
    "system": "system",
    "user": "user",
    "assistant": "assistant",
    "tool_call": "assistant",
    "tool_result": "tool",
}
Said = str | list[dict[str, str]]


# --- out --------------------------------------------------------------------------------------------------------------
def asked_of(parts: Iterable[Mapping[str, Any]]) -> tuple[Said, bool]:
    """What the parts ask apart from the answers, and whether that is a chat."""
    asked = [part for part in parts if part["role"] not in ANSWERS and ("text" in part or "json" in part)]
    if asked and all(part["role"] in _AS_CHAT for part in asked):
        return [_message(_AS_CHAT[part["role"]], _text(part)) for part in asked], True
    return "\n\n".join(map(_text, asked)), False


def answer_of(text: str, is_chat: bool) -> Said:
    return [_message("assistant", text)] if is_chat else text


def line_of(row: Mapping[str, Any], said: Mapping[str, Any]) -> bytes:
    """A line, with which item it is of."""
    whole = {**said, "item": row["item"], "external_id": row["external_id"]}
    return json.dumps(whole, ensure_ascii=False).encode() + b"\n"


def _message(role: str, content: str) -> dict[str, str]:
    return {"role": role, "content": content}


def _text(part: Mapping[str, Any]) -> str:
    return part["text"] if "text" in part else json.dumps(part["json"], ensure_ascii=False)


# --- in ---------------------------------------------------------------------------------------------------------------
def parts_asked(prompt: Any) -> list[dict[str, Any]]:
    """The parts that a prompt is; BadPart for messages that cannot be read."""
    if isinstance(prompt, list) and prompt:
        return parts_of_messages(prompt, "prompt")
    return [{"role": "prompt", "text": prompt}] if isinstance(prompt, str) and prompt.strip() else []


def text_answered(given: Any, field: str) -> str:
    """An answer as one text: of several messages each with its role before it."""
    if isinstance(given, str):
        return given
    parts = parts_of_messages(given, field)
    texts = [part["text"] if "text" in part else str(part["json"]) for part in parts]
    named: Sequence[str] = [f"{part['role']}: {text}" for part, text in zip(parts, texts, strict=True)]
    return texts[0] if len(texts) == 1 else "\n\n".join(named)
