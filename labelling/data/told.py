"""Of all that a file states of an item, what the project asks: taken as its answer. The rest is named, and left out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from intake.models import Media
from labelling import task_types
from labelling.data import picture_marks, span_marks, stretch_marks, track_marks
from labelling.formats.outlines import Marks
from labelling.formats.rows import Note
from labelling.formats.stated import Stated, Statements
from labelling.formats.stretches import Stretches
from labelling.formats.trails import Trails
from labelling.models import Project
from labelling.task_types.drawing import Drawing, Range, Row, Span, Track, Words
from labelling.task_types.errors import BadAnswer
from labelling.task_types.stating import value_of
from labelling.task_types.task_type import TaskType

TRUTH_OF: dict[type, Callable] = {
    Marks: picture_marks.gold_of,
    Stretches: stretch_marks.gold_of,
    Trails: track_marks.gold_of,
}
Value = dict[str, Any] | None


def take_beside(project: Project, said: Stated | Statements | None, cells: dict[str, Any]) -> None:
    """What a file beside an item states is its truth; what people wrote freely is a suggestion, and not worth a word where marks are asked
    and stated, as of a zip of COCO's with all its files."""
    free = isinstance(said, Statements) and said.free
    role = "suggestion" if free else "gold"
    asked = not free or cells.get("gold") in (None, "") or task_types.get(project.task_type).draws is Words
    if said is not None and asked and cells.get(role) in (None, ""):
        cells[role] = said


def answer_of(told: Statements, media: Media | None, project: Project, question: dict) -> tuple[Value, list[Note]]:
    """The answer that it states, or None, and what was not taken."""
    kind, answers = task_types.get(project.task_type), told.answers
    notes: list[Note] = [("gold", sentence) for sentence in told.left]
    if kind.rows:
        rows = [Row(name, one, name) for name, one in answers if isinstance(one, Drawing)]
        value, said = _of_drawing(kind, Drawing(rows=rows), project, question)
        return value, [*notes, *said]
    first = next((one for _, one in answers if _fits(kind, one)), None)
    others = [name or "marks" for name, one in answers if one is not first and _states_something(one)]
    if first is None:
        sentence = "What the file states of it was left out: this project asks for something else."
        return None, [*notes, ("gold", sentence)] if others else notes
    if others:
        notes.append(("gold", f"The file also states, and this project does not ask: {', '.join(others)[:120]}."))
    if isinstance(first, Drawing):
        value, said = _of_drawing(kind, first, project, question)
    else:
        value, said = TRUTH_OF[type(first)](first, media, project)
    return value, [*notes, *said]


def _states_something(one: Stated | Drawing) -> bool:
    return bool(one.marks) if not isinstance(one, Drawing) else one.shapes is None or bool(one.shapes)


def _fits(kind: TaskType, one: Stated | Drawing) -> bool:
    match one:
        case Marks():
            return kind.outline is not None
        case Stretches():
            return kind.draws is Range
        case Trails():
            return kind.draws is Track
    if one.shapes is not None:
        return kind.draws is Span
    return value_of(kind, one, _NOBODY) is not None if one.order is None else kind.order is not None


_NOBODY: dict[str, Any] = {
    "config": {},
    "labels": [],
    "parts": [],
}  # whether it is of the kind that is asked; what it says is seen later


def _of_drawing(kind: TaskType, drawing: Drawing, project: Project, question: dict) -> tuple[Value, list[Note]]:
    if drawing.shapes is not None:
        return span_marks.gold_of(drawing, question["text"], project)
    value = value_of(kind, drawing, question)
    if value is None:
        return None, []
    try:
        return kind.parse(value, question), []
    except BadAnswer as bad:
        return None, [("gold", f"What the file states of it was left out: {bad}")]
