"""TRL preference in. The prompt may be left out where both are whole chats: it is then what they begin with alike.

huggingface/trl, docs/source/dataset_formats.md: prompt, chosen and rejected are texts (standard), or lists of {"role", "content"}
(conversational); an explicit prompt is not repeated in the answers.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from labelling.formats.format import FoundParts
from labelling.formats.trl import parts_asked, text_answered
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
    said = [text_answered(chosen, CHOSEN), text_answered(rejected, REJECTED)]
    # Their own order must not tell which is preferred.
    better, worse = said
    first, second = sorted(said, key=lambda text: hashlib.sha256(text.encode()).digest())
    candidates = [{"id": name, "role": "candidate", "text": text} for name, text in (("a", first), ("b", second))]
    preferred = () if better == worse else (("a" if better == first else "b",),)
    states = Drawing(order=Order(preferred))
    return FoundParts([*parts_asked(prompt), *candidates], states, frozenset({"prompt", CHOSEN, REJECTED}))


def _alike(chosen: list, rejected: list) -> int:
    """How many messages they begin with alike; each keeps one of its own."""
    most = min(len(chosen), len(rejected)) - 1
    return next((place for place in range(most) if chosen[place] != rejected[place]), max(most, 0))
