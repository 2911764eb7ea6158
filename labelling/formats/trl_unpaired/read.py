from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from labelling.formats.format import FoundParts
from labelling.formats.stated import Statements
from labelling.formats.trl import parts_asked, text_answered
from labelling.task_types.drawing import Drawing

CELLS = frozenset({"prompt", "completion", "label"})


def parts_of(cells: Mapping[str, Any]) -> FoundParts | None:
    """What was asked and the one answer to it, whose label is called True or False; None where it is no such row."""
    completion, label = cells.get("completion"), cells.get("label")
    if not isinstance(completion, str | list) or not isinstance(label, bool):
        return None
    answer = {"id": "a", "role": "candidate", "text": text_answered(completion, "completion")}
    stated = Statements((("label", Drawing(labels=[str(label)])),))
    return FoundParts([*parts_asked(cells.get("prompt")), answer], stated, CELLS)
