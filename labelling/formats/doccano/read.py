"""doccano in: what a row of JSON Lines says of its text. `label` or `labels` holds [start, end, name]; `entities` the same, or objects with
start_offset, end_offset and label. Prodigy's and spaCy's `spans` are objects with start, end and label."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from labelling.task_types.drawing import Drawing, Span

_CELLS = ("label", "labels", "entities", "spans")


def of_row(cells: Mapping[str, Any]) -> tuple[str, Drawing] | None:
    """The cell and the marks in it; None where it holds anything else."""
    for name in _CELLS:
        given = cells.get(name)
        if isinstance(given, list):
            spans = [_span(one) for one in given]
            if all(spans):
                return name, Drawing(shapes=[span for span in spans if span])
    return None


def _span(given: Any) -> Span | None:
    if isinstance(given, list) and len(given) == 3:
        start, end, label = given
    elif isinstance(given, dict):
        start, end = (given.get(f"{side}_offset", given.get(side)) for side in ("start", "end"))
        label = given.get("label")
    else:
        return None
    whole = all(isinstance(one, int) and not isinstance(one, bool) for one in (start, end))
    return Span(label, start, end) if whole and isinstance(label, str) else None
