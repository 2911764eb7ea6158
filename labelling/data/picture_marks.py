"""The marks of a file beside a picture as its truth: only what the file states of the picture that is there.

A mark that cannot be meant so is refused with a sentence and costs itself. A picture all of whose marks were refused is an
item without truth, never gold that says "nothing here".
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from intake.models import Media
from labelling import task_types
from labelling.formats.outlines import Mark, Marks, Outline, Point
from labelling.formats.rows import Note
from labelling.models import Project
from labelling.task_types.errors import BadAnswer
from labelling.task_types.label_names import label_finder
from labelling.task_types.questions import question_of, size_of
from labelling.task_types.task_type import OutlinePart

_SWAPS_SIDES = (5, 6, 7, 8)
# Where a point of the picture as stored (width w, height h) lies in the upright one, by EXIF orientation.
_TURNED: dict[int, Callable[[float, float, Point], Point]] = {
    1: lambda w, h, p: p,
    2: lambda w, h, p: (w - p[0], p[1]),
    3: lambda w, h, p: (w - p[0], h - p[1]),
    4: lambda w, h, p: (p[0], h - p[1]),
    5: lambda w, h, p: (p[1], p[0]),
    6: lambda w, h, p: (h - p[1], p[0]),
    7: lambda w, h, p: (h - p[1], w - p[0]),
    8: lambda w, h, p: (p[1], w - p[0]),
}
Turn = Callable[[Point], Point]


class _NotMeant(Exception):
    """Marks, or one mark, that cannot be meant so: one sentence."""


@dataclass(frozen=True)
class _Picture:
    """The upright picture, and how to get there from the one that the marks were made on."""

    question: dict
    turned: Turn
    label_of: Callable[[Any], str | None]


def gold_of(marks: Marks, media: Media, project: Project) -> tuple[dict[str, Any] | None, list[Note]]:
    """The answer that the marks are, or None, and what was not taken."""
    kind = task_types.get(project.task_type)
    if kind.outline is None:
        return None, [("gold", "The marks of the file were left out: this project does not ask for any.")]
    try:
        picture = _picture(marks, media, project)
    except _NotMeant as refused:
        return None, [("gold", f"{refused} The picture was taken without them.")]
    taken, notes = [], []
    for mark in marks.marks:
        try:
            one, cut = _taken(mark, picture, kind.outline)
            taken.append(one)
            notes += [("gold", f"Mark {mark.name} reaches out of the picture and was cut at its edge.")] if cut else []
        except (_NotMeant, BadAnswer) as refused:
            notes.append(("gold", f"Mark {mark.name} was left out: {refused}"))
    if marks.marks and not taken:
        notes.append(("gold", "None of its marks could be taken: the picture is an item without a known answer."))
        return None, notes
    join = getattr(kind.outline, "join", list)
    return {str(kind.marks): join(taken)}, notes


def _picture(marks: Marks, media: Media, project: Project) -> _Picture:
    return _Picture(
        question_of(project.config, {}, **size_of(media)), _turn(marks, media), label_finder(project.config)
    )


def _turn(marks: Marks, media: Media) -> Turn:
    """Compare the size that the file states with the picture's: as it is seen, or as it is stored and turned by EXIF."""
    turn, upright = media.turn or 1, (media.width_px or 0, media.height_px or 0)
    if marks.unit and turn == 1:
        return lambda point: (point[0] * upright[0], point[1] * upright[1])
    stored = upright[::-1] if turn in _SWAPS_SIDES else upright
    said = (marks.width_px, marks.height_px)
    if turn != 1 and (stored == upright or None in said):
        raise _NotMeant(
            "The picture is stored turned (EXIF), and its size does not tell which way the marks were made."
        )
    if said == upright or (None in said and turn == 1):
        return lambda point: point
    if said == stored:
        return lambda point: _TURNED[turn](*stored, point)
    seen = f"{upright[0]} x {upright[1]}"
    raise _NotMeant(f"The file says {said[0]} x {said[1]} pixels, the picture has {seen}: its marks do not fit.")


def _taken(mark: Mark, picture: _Picture, part: OutlinePart) -> tuple[dict, bool]:
    if mark.fault:
        raise _NotMeant(mark.fault)
    if mark.crowd and not getattr(part, "TAKES_CROWDS", False):
        raise _NotMeant("it is a crowd (iscrowd), not one object.")
    label = next(filter(None, map(picture.label_of, mark.labels)), None)
    if label is None:
        raise _NotMeant(f"the project has no label {str(mark.labels[0])[:60]}.")
    return part.of_outline(label, _placed(_turned(mark.outline, picture)), picture.question)


def _placed(outline: Outline) -> Outline:
    """Of a mark that is points alone, with the box around those that are there."""
    if outline.rings or outline.box is not None or outline.pixels is not None:
        return outline
    there = [(x, y) for _, x, y, v in outline.points if v]
    if not there:
        raise _NotMeant("it states no point that is there.")
    (left, right), (top, bottom) = ((min(side), max(side)) for side in zip(*there, strict=True))
    return replace(outline, box=(left, top, right - left, bottom - top))


def _turned(outline: Outline, picture: _Picture) -> Outline:
    turned = picture.turned
    rings = tuple(tuple(map(turned, ring)) for ring in outline.rings)
    points = tuple((name, *turned((x, y)), v) for name, x, y, v in outline.points)
    if outline.pixels is not None and turned((1.0, 2.0)) != (1.0, 2.0):
        raise _NotMeant("the picture is stored turned (EXIF): masks of pixels are taken of upright pictures only.")
    return Outline(rings, outline.box and _turned_box(outline.box, turned), points, outline.text, outline.pixels)


def _turned_box(box: tuple[float, float, float, float], turned: Turn) -> tuple[float, float, float, float]:
    """By two corners; a side of no or negative length stays so, for whoever checks it to say."""
    x, y, width, height = box
    (a, b), (c, d) = turned((x, y)), turned((x + abs(width), y + abs(height)))
    sign = -1 if width < 0 or height < 0 else 1
    return min(a, c), min(b, d), sign * abs(c - a), sign * abs(d - b)
