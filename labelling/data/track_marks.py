"""The objects of a file beside a clip as its truth: only what the file states of the clip that is there.

An object that cannot be meant so is left out with a sentence and costs itself. A clip all of whose objects were left out is an item
without truth, never gold that says "nothing here".
"""

from __future__ import annotations

from typing import Any

from intake.models import Media
from labelling import task_types
from labelling.formats.clips import USUAL_RATE
from labelling.formats.rows import Note
from labelling.formats.trails import Box, Trail, Trails
from labelling.models import Project
from labelling.task_types.drawing import Track
from labelling.task_types.errors import BadAnswer
from labelling.task_types.label_names import label_finder
from labelling.task_types.questions import question_of, size_of


def gold_of(stated: Trails, media: Media, project: Project) -> tuple[dict[str, Any] | None, list[Note]]:
    """The answer that they are, or None, and what was not taken."""
    kind, find = task_types.get(project.task_type), label_finder(project.config)
    if kind.draws is not Track:
        return None, [("gold", "The tracks of the file were left out: this project does not ask for any.")]
    said, seen = (stated.width_px, stated.height_px), (media.width_px, media.height_px)
    if None not in said and said != seen:
        sentence = (
            f"The file says {said[0]} x {said[1]} pixels, the clip has {seen[0]} x {seen[1]}: its tracks do not fit."
        )
        return None, [("gold", f"{sentence} The clip was taken without them.")]
    question = question_of(project.config, {}, **size_of(media))
    marks: list[dict] = []
    notes: list[Note] = []
    for one in stated.marks:
        label = next(filter(None, map(find, one.labels)), None)
        missing = "" if label else f"the project has no label {(*one.labels, 'for it')[0][:60]}."
        mark = {"label": label, "keys": _keys(one, media, question, stated.unit)}
        fault = one.fault or missing or _fault(kind, mark, question)
        if fault:
            notes.append(("gold", f"Track {one.name} was left out: {fault}"))
        elif mark not in marks:
            marks.append(mark)
    if stated.marks and not marks:
        notes.append(("gold", "None of its tracks could be taken: the clip is an item without a known answer."))
        return None, notes
    return kind.parse({str(kind.marks): marks}, question), notes


def _keys(one: Trail, media: Media, question: dict, unit: bool) -> list[list[int]]:
    """By time: a frame lasts as long as any other. What reaches out of the picture is cut at its edge."""
    across, down = (question["width_px"], question["height_px"]) if unit else (1, 1)
    frames = (media.variants.get("video") or {}).get("frames")
    frame_ms = media.duration_ms / frames if media.duration_ms and frames else 1000 / USUAL_RATE
    placed = (
        (frame, (x * across, y * down, width * across, height * down)) for frame, (x, y, width, height) in one.boxes
    )
    boxes = {round(frame * frame_ms): _inside(box, question) for frame, box in placed}
    return [[ms, *box] for ms, box in boxes.items()]


def _inside(box: Box, question: dict) -> list[int]:
    x, y, width, height = box
    left, right = max(round(x), 0), min(round(x + width), question["width_px"])
    top, bottom = max(round(y), 0), min(round(y + height), question["height_px"])
    return [left, top, right - left, bottom - top]


def _fault(kind: Any, mark: dict, question: dict) -> str:
    """What is wrong with one mark by itself, or nothing."""
    try:
        kind.parse({kind.marks: [mark]}, question)
    except BadAnswer as bad:
        return str(bad).replace(f"value.{kind.marks}[0].", "")
    return ""
