"""A battle a row: {"conversation_a", "conversation_b", "winner", "model_a", "model_b"}. What both begin with is asked, the rest compared.

The names of the models are kept as the requester's own notes: who compares does not see them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from labelling.formats.format import FoundParts
from labelling.task_types.chats import parts_of_messages
from labelling.task_types.drawing import Drawing, Order

_CHATS = ("conversation_a", "conversation_b")
# "tie (bothbad)" is no order: neither was found any good.
_WON = {"model_a": Order((("a",), ("b",))), "model_b": Order((("b",), ("a",))), "tie": Order(())}


def parts_of(cells: Mapping[str, Any]) -> FoundParts | None:
    first, second = (cells.get(name) for name in _CHATS)
    if not (isinstance(first, list) and isinstance(second, list) and first and second):
        return None
    alike = _alike(first, second)
    asked = parts_of_messages(first[:alike], _CHATS[0]) if alike else []
    said = [_candidate(which, chat[alike:], cells) for which, chat in zip("ab", (first, second), strict=True)]
    winner, called = cells.get("winner"), cells.get("question_id")
    order = _WON.get(winner) if isinstance(winner, str) else None
    taken = frozenset({*_CHATS, "model_a", "model_b", "winner", "question_id"})
    return FoundParts([*asked, *said], Drawing(order=order) if order else None, taken, called)


def _alike(first: list, second: list) -> int:
    """How many messages they begin with alike; each keeps one of its own."""
    most = min(len(first), len(second)) - 1
    return next((place for place in range(most) if first[place] != second[place]), max(most, 0))


def _candidate(which: str, chat: list, cells: Mapping[str, Any]) -> dict[str, Any]:
    """What is left of a chat as one text: of several messages each with its role before it."""
    parts = parts_of_messages(chat, f"conversation_{which}")
    texts = [part["text"] if "text" in part else json.dumps(part.get("json", part.get("url"))) for part in parts]
    named = zip(parts, texts, strict=True)
    text = texts[0] if len(texts) == 1 else "\n\n".join(f"{part['role']}: {text}" for part, text in named)
    model = cells.get(f"model_{which}")
    return {"id": which, "role": "candidate", "text": text} | ({"meta": {"model": model}} if model else {})
