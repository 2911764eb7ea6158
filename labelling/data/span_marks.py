"""The marks of a file in a text as its truth. A mark that cannot be meant so is refused with a sentence and costs itself; a text all of
whose marks were refused is an item without truth, never gold that says "nothing here"."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from labelling import task_types
from labelling.formats import FORMATS
from labelling.formats.rows import Note
from labelling.models import Project
from labelling.task_types.drawing import Drawing, Span
from labelling.task_types.label_names import label_finder

_OF_ROWS = [one.of_row for one in FORMATS.values() if one.of_row]


def drawn_in(cells: dict[str, Any]) -> Drawing | None:
    """The marks that a row bears in the words of a format; its cell is taken out of the cells."""
    for of_row in _OF_ROWS:
        if found := of_row(cells):
            cells.pop(found[0])
            return found[1]
    return None


def gold_of(drawing: Drawing | None, text: str, project: Project) -> tuple[dict[str, Any] | None, list[Note]]:
    """The answer that the marks are, or None, and what was not taken."""
    if not drawing:
        return None, []
    kind, find = task_types.get(project.task_type), label_finder(project.config)
    if kind.draws is not Span:
        return None, [("gold", "The marks of the file were left out: this project does not ask for any.")]
    marks, notes = [], []
    for number, shape in enumerate(drawing.shapes or (), 1):
        label, span = find(shape.label), _trimmed(shape, text) if isinstance(shape, Span) else None
        fault = f"the project has no label {shape.label[:60]}." if label is None else "it marks nothing of the text."
        if label is None or span is None:
            notes.append(("gold", f"Mark {number} was left out: {fault}"))
        elif (mark := {**asdict(span), "label": label}) not in marks:
            marks.append(mark)
    if drawing.shapes and not marks:
        return None, [*notes, ("gold", "None of its marks could be taken: the text is an item without a known answer.")]
    return {str(kind.marks): marks}, notes


def _trimmed(span: Span, text: str) -> Span | None:
    """Inside the text and without white space at its ends."""
    start, end = max(span.start, 0), min(span.end, len(text))
    said = text[start:end] if start < end else ""
    start += len(said) - len(said.lstrip())
    return Span(span.label, start, start + len(said.strip())) if said.strip() else None
