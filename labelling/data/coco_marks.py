"""The marks of a COCO file as the truth of a picture: only what the file states of the picture that is there.

A mark that cannot be meant so is refused with a sentence and costs itself. A picture all of whose marks were refused is an
item without truth, never gold that says "nothing here".
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from intake.models import Media
from labelling.formats.coco import Mark, Marks
from labelling.formats.rows import Note
from labelling.models import Project
from labelling.task_types.label_names import label_finder

Box = tuple[float, float, float, float]
_SWAPS_SIDES = (5, 6, 7, 8)
# Where a box of the picture as stored (width w, height h) lies in the upright one, by EXIF orientation.
_TURNED: dict[int, Callable[[float, float, Box], Box]] = {
    1: lambda w, h, b: b,
    2: lambda w, h, b: (w - b[0] - b[2], b[1], b[2], b[3]),
    3: lambda w, h, b: (w - b[0] - b[2], h - b[1] - b[3], b[2], b[3]),
    4: lambda w, h, b: (b[0], h - b[1] - b[3], b[2], b[3]),
    5: lambda w, h, b: (b[1], b[0], b[3], b[2]),
    6: lambda w, h, b: (h - b[1] - b[3], b[0], b[3], b[2]),
    7: lambda w, h, b: (h - b[1] - b[3], w - b[0] - b[2], b[3], b[2]),
    8: lambda w, h, b: (b[1], w - b[0] - b[2], b[3], b[2]),
}


class _NotMeant(Exception):
    """Marks, or one mark, that cannot be meant so: one sentence."""


@dataclass(frozen=True)
class _Frame:
    """From the picture that the marks were made on to the upright one."""

    width_px: int  # of the upright picture
    height_px: int
    turned: Callable[[Box], Box]


def gold_of(marks: Marks, media: Media, project: Project) -> tuple[dict[str, Any] | None, list[Note]]:
    """The answer that the marks are, or None, and what was not taken."""
    if project.task_type != "boxes":
        return None, [("gold", "The COCO file's boxes were left out: this project does not ask for boxes.")]
    try:
        frame = _frame(marks, media)
    except _NotMeant as refused:
        return None, [("gold", f"{refused} The picture was taken without them.")]
    label_of, boxes, notes = label_finder(project.config), [], []
    for mark in marks.marks:
        try:
            box, cut = _box(mark, frame, label_of)
            boxes.append(box)
            notes += [("gold", f"Mark {mark.name} reaches out of the picture and was cut at its edge.")] if cut else []
        except _NotMeant as refused:
            notes.append(("gold", f"Mark {mark.name} was left out: {refused}"))
    if marks.marks and not boxes:
        notes.append(("gold", "None of its marks could be taken: the picture is an item without a known answer."))
        return None, notes
    return {"boxes": boxes}, notes


def _frame(marks: Marks, media: Media) -> _Frame:
    """Compare the size that the file states with the picture's: as it is seen, or as it is stored and turned by EXIF."""
    turn, upright = media.turn or 1, (media.width_px, media.height_px)
    stored = upright[::-1] if turn in _SWAPS_SIDES else upright
    said = (marks.width_px, marks.height_px)
    if turn != 1 and (stored == upright or None in said):
        raise _NotMeant(
            "The picture is stored turned (EXIF), and its size does not tell which way the marks were made."
        )
    if said == upright or (None in said and turn == 1):
        return _Frame(*upright, lambda box: box)
    if said == stored:
        return _Frame(*upright, lambda box: _TURNED[turn](*stored, box))
    seen = f"{upright[0]} x {upright[1]}"
    raise _NotMeant(f"The COCO file says {said[0]} x {said[1]} pixels, the picture has {seen}: its marks do not fit.")


def _box(mark: Mark, frame: _Frame, label_of: Callable[[Any], str | None]) -> tuple[dict, bool]:
    """The box in whole pixels of the upright picture, and whether it had to be cut."""
    if mark.fault:
        raise _NotMeant(mark.fault)
    label = next(filter(None, map(label_of, mark.labels)), None)
    if label is None:
        raise _NotMeant(f"the project has no label {str(mark.labels[0])[:60]}.")
    x, y, width, height = frame.turned(mark.box)
    if width <= 0 or height <= 0:
        raise _NotMeant("it has no size.")
    if x >= frame.width_px or y >= frame.height_px or x + width <= 0 or y + height <= 0:
        raise _NotMeant("it lies outside the picture.")
    left, right = _edges(x, width, frame.width_px)
    top, bottom = _edges(y, height, frame.height_px)
    cut = min(x, y) < -1 or x + width > frame.width_px + 1 or y + height > frame.height_px + 1
    return {"label": label, "x": left, "y": top, "width": right - left, "height": bottom - top}, cut


def _edges(start: float, length: float, most: int) -> tuple[int, int]:
    """Rounded, inside, and at least one pixel apart: what is thinner than a pixel is still where it is."""
    first = min(max(0, round(start)), most - 1)
    return first, max(first + 1, min(most, round(start + length)))
