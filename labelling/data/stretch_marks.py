"""The stretches of a file beside a sound or a clip as its truth: only what the file states of the sound that is there.

A stretch that cannot be meant so is left out with a sentence and costs itself. A sound all of whose stretches were left out is an item
without truth, never gold that says "nothing here".
"""

from __future__ import annotations

from typing import Any

from intake.models import Media
from labelling import task_types
from labelling.formats.rows import Note
from labelling.formats.stretches import Stretch, Stretches
from labelling.models import Project
from labelling.task_types.drawing import Range
from labelling.task_types.errors import BadAnswer
from labelling.task_types.label_names import label_finder
from labelling.task_types.questions import question_of, size_of


def gold_of(stated: Stretches, media: Media, project: Project) -> tuple[dict[str, Any] | None, list[Note]]:
    """The answer that they are, or None, and what was not taken."""
    kind, find = task_types.get(project.task_type), label_finder(project.config)
    if kind.draws is not Range:
        return None, [("gold", "The segments of the file were left out: this project does not ask for any.")]
    question = question_of(project.config, {}, **size_of(media))
    marks: list[dict] = []
    notes: list[Note] = []
    for number, one in enumerate(stated.marks, 1):
        label = next(filter(None, map(find, one.labels)), None)
        mark, cut = _within(one, label, question["duration_ms"])
        fault = (
            _fault(kind, mark, question) if label else f"the project has no label {(*one.labels, 'for it')[0][:60]}."
        )
        if fault:
            notes.append(("gold", f"Segment {number} was left out: {fault}"))
        elif mark not in marks:
            marks.append(mark)
            notes += [("gold", f"Segment {number} reaches beyond the sound and was cut at its end.")] if cut else []
    if stated.marks and not marks:
        notes.append(("gold", "None of its segments could be taken: the sound is an item without a known answer."))
        return None, notes
    return kind.parse({str(kind.marks): marks}, question), notes


def _within(one: Stretch, label: str | None, duration_ms: int) -> tuple[dict, bool]:
    """As a mark of an answer, cut where the sound is over; whether it was."""
    start_ms, end_ms = max(round(one.start_ms), 0), round(one.end_ms)
    return {"label": label, "start_ms": start_ms, "end_ms": min(end_ms, duration_ms)}, end_ms > duration_ms > start_ms


def _fault(kind: Any, mark: dict, question: dict) -> str:
    """What is wrong with one mark by itself, or nothing."""
    try:
        kind.parse({kind.marks: [mark]}, question)
    except BadAnswer:
        return f"from {mark['start_ms']} to {mark['end_ms']} ms is too short, or not in the sound."
    return ""
