"""A chat a row. Its own system message (LLaMA-Factory's `system`) comes first; what else the row says is metadata."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from labelling.formats.format import FoundParts
from labelling.task_types.chats import parts_of_messages

_LISTS = ("conversations", "conversation")
_IDS = ("conversation_id", "conv_id")


def parts_of(cells: Mapping[str, Any]) -> FoundParts | None:
    name = next((name for name in _LISTS if _is_chat(cells.get(name))), None)
    if name is None:
        return None
    system = cells.get("system")
    said = [{"role": "system", "content": system}] if isinstance(system, str) and system.strip() else []
    parts = parts_of_messages(said) if said else []
    parts += parts_of_messages([_message(one) for one in cells[name]], name)
    called = next((cells[one] for one in _IDS if cells.get(one)), None)
    taken = {name, *_IDS, *(["system"] if said else [])}
    return FoundParts(parts, None, frozenset(taken), called)


def _is_chat(given: Any) -> bool:
    return isinstance(given, list) and bool(given) and isinstance(given[0], dict)


def _message(one: Any) -> Any:
    if isinstance(one, dict) and "from" in one and "role" not in one:
        return {"role": one["from"], "content": one.get("value")}
    return one
