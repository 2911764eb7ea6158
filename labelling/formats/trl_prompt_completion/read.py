from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from labelling.formats.format import FoundParts
from labelling.formats.stated import Statements
from labelling.formats.trl import parts_asked, text_answered
from labelling.task_types.drawing import Drawing

COMPLETION = "completion"
CELLS = frozenset({"prompt", COMPLETION})


def parts_of(cells: Mapping[str, Any]) -> FoundParts | None:
    """What was asked, and the completion as what is stated of it; None where it is no such row, or one that is judged (`label`)."""
    prompt, completion = cells.get("prompt"), cells.get(COMPLETION)
    if not prompt or not isinstance(prompt, str | list) or not isinstance(completion, str | list) or "label" in cells:
        return None
    words = Drawing(words=text_answered(completion, COMPLETION))
    return FoundParts(parts_asked(prompt), Statements(((COMPLETION, words),)), CELLS)
