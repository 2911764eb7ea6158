"""TRL preference in. The prompt may be left out where both are whole chats: it is then what they begin with alike.

huggingface/trl, docs/source/dataset_formats.md: prompt, chosen and rejected are texts (standard), or lists of {"role", "content"}
(conversational); an explicit prompt is not repeated in the answers.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from labelling.formats.format import FoundParts
from labelling.task_types.chats import parts_of_messages
from labelling.task_types.drawing import Drawing, Order

CHOSEN, REJECTED = "chosen", "rejected"


def parts_of(cells: Mapping[str, Any]) -> FoundParts | None:
    """The parts that a row is, and which of them it prefers; None where it is no such row. BadPart for one that cannot be read."""
    chosen, rejected, prompt = cells.get(CHOSEN), cells.get(REJECTED), cells.get("prompt")
    texts = isinstance(chosen, str) and isinstance(rejected, str)
    chats = isinstance(chosen, list) and isinstance(rejected, list)
    if not (texts or chats):
        return None
    if isinstance(chosen, list) and isinstance(rejected, list) and prompt is None:
        alike = _alike(chosen, rejected)
        prompt, chosen, rejected = chosen[:alike], chosen[alike:], rejected[alike:]
    asked = parts_of_messages(prompt, "prompt") if isinstance(prompt, list) and prompt else []
    if isinstance(prompt, str) and prompt.strip():
        asked = [{"role": "prompt", "text": prompt}]
    said = [_said(chosen, CHOSEN), _said(rejected, REJECTED)]
    # Their own order must not tell which is preferred.
    better, worse = said
    first, second = sorted(said, key=lambda text: hashlib.sha256(text.encode()).digest())
    candidates = [{"id": name, "role": "candidate", "text": text} for name, text in (("a", first), ("b", second))]
    preferred = () if better == worse else (("a" if better == first else "b",),)
    states = Drawing(order=Order(preferred))
    return FoundParts([*asked, *candidates], states, frozenset({"prompt", CHOSEN, REJECTED}))


def _alike(chosen: list, rejected: list) -> int:
    """How many messages they begin with alike; each keeps one of its own."""
    most = min(len(chosen), len(rejected)) - 1
    return next((place for place in range(most) if chosen[place] != rejected[place]), max(most, 0))


def _said(given: Any, field: str) -> str:
    """An answer as one text: of several messages each with its role before it."""
    if isinstance(given, str):
        return given
    parts = parts_of_messages(given, field)
    texts = [part["text"] if "text" in part else str(part["json"]) for part in parts]
    return (
        texts[0]
        if len(texts) == 1
        else "\n\n".join(f"{part['role']}: {text}" for part, text in zip(parts, texts, strict=True))
    )
