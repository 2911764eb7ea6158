"""TRL stepwise supervision in: the prompt, a part a step, and the first that is not right."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from labelling.formats.format import FoundParts
from labelling.formats.trl import parts_asked
from labelling.task_types.drawing import Drawing, Step
from labelling.task_types.parts import BadPart

CELLS = frozenset({"prompt", "completions", "labels"})


def parts_of(cells: Mapping[str, Any]) -> FoundParts | None:
    """The parts that a row is, and which it calls wrong first; None where it is no such row. BadPart for one that cannot be read."""
    steps, labels = cells.get("completions"), cells.get("labels")
    if not isinstance(steps, list) or not isinstance(labels, list):
        return None
    if wrong := next((n for n, one in enumerate(steps) if not isinstance(one, str)), None):
        raise BadPart("{field} must be text: each step is one.", f"completions[{wrong}]")
    if len(labels) != len(steps) or not all(isinstance(one, bool) for one in labels):
        raise BadPart("labels must be true or false for each of the completions.", "labels")
    parts = [{"id": f"s{n}", "role": "step", "text": text} for n, text in enumerate(steps, 1)]
    first = [Step("", part["id"]) for part, right in zip(parts, labels, strict=True) if not right][:1]
    return FoundParts([*parts_asked(cells.get("prompt")), *parts], Drawing(shapes=first), CELLS)
