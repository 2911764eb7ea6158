"""What the templates draw: overlays of answers, sparklines. Plain data in, plain data out; the templates write the SVG."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, Generic, TypeVar, cast

from django.db.models import prefetch_related_objects
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from console.display_names import PART_ROLES
from intake.models import Media
from intake.urls import variant_url
from labelling import task_types
from labelling.models import Item, Project
from labelling.task_types.drawing import (
    Change,
    Drawing,
    Mask,
    Point,
    Polygon,
    Range,
    Rectangle,
    Shape,
    Skeleton,
    Span,
    Step,
    Track,
    Written,
)
from labelling.task_types.label_names import labels_within
from labelling.task_types.parts import has_files, text_of
from labelling.task_types.questions import shown_question

FALLBACK_COLOUR = "#8a3216"
LONG_PART = 600  # characters, beyond which a part is folded
QUOTED = 6  # marks of an answer in a list
_PART_VARIANTS: Mapping[str, Mapping[str, Sequence[str]]] = {
    Media.Kind.IMAGE: {"picture": ("640", "320", "1280")},
    Media.Kind.AUDIO: {"sound": ("opus",)},
    Media.Kind.VIDEO: {"film": ("480", "240", "video")},
}
S = TypeVar("S", bound=Shape, covariant=True)
_WORD = re.compile(r"\s*\S{1,16}\s*|\s+")  # scripts without gaps break, too


@dataclass(frozen=True)
class Shown:
    """An item as the console shows it: the picture, the sound, the clip or the text."""

    item: Item
    text: str = ""
    picture: str = ""
    thumb: str = ""
    sound: str = ""
    clip: str = ""
    width_px: int = 0
    height_px: int = 0
    duration_ms: int = 0
    parts: tuple[ShownPart, ...] = ()

    @property
    def letter_px(self) -> float:
        """How high a letter over the picture is, that it can be read where the picture is a few hundred pixels wide."""
        return max(self.width_px, self.height_px) / 20


@dataclass(frozen=True)
class ShownPart:
    """One of the parts of an item; `body`: what it says, JSON on lines of its own."""

    id: str
    role: str
    kind: str
    body: str = ""
    picture: str = ""
    sound: str = ""
    film: str = ""

    @property
    def folded(self) -> bool:
        return self.role == "tool_result" or len(self.body) > LONG_PART

    @property
    def is_code(self) -> bool:
        return self.kind in ("code", "json")


def _variant(media: Media, *names: str) -> str:
    return next((variant_url(media, name) for name in names if name in media.variants), "")


def show(item: Item) -> Shown:
    media = item.media
    if "parts" in item.payload:
        return _show_parts(item)
    text = item.payload.get("text", "")
    if media is None:
        return Shown(item, text=text)
    if media.kind == Media.Kind.AUDIO:
        return Shown(item, text=text, sound=_variant(media, "opus"), duration_ms=media.duration_ms or 0)
    if media.kind == Media.Kind.VIDEO:
        poster, clip = _variant(media, "poster"), _variant(media, "video")
        shown = Shown(item, text, thumb=poster, clip=clip, duration_ms=media.duration_ms or 0)
        return replace(shown, **_size(media))
    picture, thumb = _variant(media, "640", "320", "1280"), _variant(media, "320", "640", "1280")
    return replace(Shown(item, text, picture, thumb), **_size(media))


def _size(media: Media) -> dict[str, Any]:
    return {"width_px": media.width_px or 0, "height_px": media.height_px or 0}


def _show_parts(item: Item) -> Shown:
    files = {one.part: one.media for one in _part_media(item)}
    parts = tuple(_show_part(part, files.get(part["id"])) for part in item.payload["parts"])
    pictures = [files[part.id] for part in parts if part.picture]
    thumb = _variant(pictures[0], "320", "640", "1280") if pictures else ""
    return Shown(item, text_of(item.payload), thumb=thumb, parts=parts)


def _part_media(item: Item):
    if not has_files(item.payload):
        return ()
    known = getattr(item, "_prefetched_objects_cache", {})
    return item.part_media.all() if "part_media" in known else item.part_media.select_related("media")


def with_part_media(items: Sequence[Item]) -> Sequence[Item]:
    """The files of all their parts at once, where any is a file."""
    prefetch_related_objects([item for item in items if has_files(item.payload)], "part_media__media")
    return items


def _show_part(part: Mapping[str, Any], media: Media | None) -> ShownPart:
    body = part.get("text") or (json.dumps(part["json"], ensure_ascii=False, indent=2) if "json" in part else "")
    variants = _PART_VARIANTS.get(media.kind, {}) if media else {}
    files = {name: _variant(media, *names) for name, names in variants.items()} if media else {}
    return ShownPart(part["id"], str(PART_ROLES[part["role"]]), part["kind"], body, **files)


@dataclass(frozen=True)
class Said:
    """One answer as it is shown: in words, and as the shapes of its task type's drawing."""

    words: str
    colour: str = ""  # of the one label that it is
    shapes: tuple[Named, ...] = ()
    changes: tuple[Change, ...] = ()  # of another text
    rows: tuple[tuple[str, Said], ...] = ()  # several answers, each with what was asked

    def of(self, *shapes: type[S]) -> list[Named[S]]:
        return [cast(Named[S], one) for one in self.shapes if isinstance(one.shape, shapes)]

    @property
    def areas(self) -> list[Named[Rectangle | Polygon]]:
        """What lies on a picture."""
        return self.of(Rectangle, Polygon)

    @property
    def masks(self) -> list[Named[Mask]]:
        return self.of(Mask)

    @property
    def points(self) -> list[Named[Point]]:
        return self.of(Point)

    @property
    def skeletons(self) -> list[Named[Skeleton]]:
        return self.of(Skeleton)

    @property
    def ranges(self) -> list[Named[Range | Track]]:
        return self.of(Range, Track)

    @property
    def moves(self) -> list[Named[Track]]:
        """What goes through a clip."""
        return self.of(Track)

    @property
    def spans(self) -> list[Named[Span]]:
        return self.of(Span)

    @property
    def steps(self) -> list[Named[Step]]:
        """Parts that are pointed at."""
        return self.of(Step)


@dataclass(frozen=True)
class Named(Generic[S]):
    """A shape with what its label is called, and its colour."""

    shape: S
    name: str
    colour: str

    @property
    def outline(self: Named[Rectangle | Polygon]) -> str:
        """The points of an SVG polygon."""
        return " ".join(f"{x:g},{y:g}" for x, y in self.shape.ring)

    @property
    def path(self: Named[Mask]) -> str:
        """Of an SVG path whose holes are empty (evenodd)."""
        return "".join(f"M{'L'.join(f'{x:g} {y:g}' for x, y in ring)}z" for ring in self.shape.rings)

    @property
    def grid(self: Named[Mask]) -> str:
        """The viewBox in which `path` is."""
        return f"0 0 {self.shape.size[1]} {self.shape.size[0]}"

    @property
    def way(self: Named[Track]) -> str:
        """The points of an SVG polyline: where its middle goes."""
        return " ".join(f"{x:g},{y:g}" for x, y in self.shape.path)

    @property
    def length(self: Named[Range | Track]) -> float:
        """Of a stretch of time."""
        return self.shape.end_ms - self.shape.start_ms


@dataclass(frozen=True)
class Piece:
    """A stretch of a text in which nobody changes his mind: `marks` are those that lie over it."""

    text: str
    end: int
    marks: tuple[Named[Span], ...]


def pieces(text: str, marks: Sequence[Named[Span]]) -> list[Piece]:
    """The text cut wherever a mark begins or ends; what lies outside of it is cut off."""
    ends = {at for one in marks for at in (one.shape.start, one.shape.end) if 0 < at < len(text)}
    cuts = [0, *sorted(ends), len(text)]
    return [piece for a, b in pairwise(cuts) for piece in _in_words(text, a, b, marks)]


def _in_words(text: str, start: int, end: int, marks: Sequence[Named[Span]]) -> list[Piece]:
    """What is marked goes over lines between its pieces only, so that each has its own line under it."""
    over = tuple(one for one in marks if one.shape.start <= start and end <= one.shape.end)
    if not over:
        return [Piece(text[start:end], end, over)]
    return [Piece(word[0], start + word.end(), over) for word in _WORD.finditer(text[start:end])]


def label_names(project: Project, language: str) -> dict[str, tuple[str, str]]:
    """label id -> (name in the language, colour)."""
    named = {}
    for label in [*project.past_labels, *labels_within(project.config)]:
        names = label.get("name") or {}
        name = names.get(language) or names.get("en") or next(iter(names.values()), label["id"])
        named[label["id"]] = (name, label.get("colour") or FALLBACK_COLOUR)
    return named


def say(
    project: Project, value: Mapping[str, Any] | None, names: Mapping[str, tuple[str, str]], item: Item | None = None
) -> Said:
    """A value in words and shapes. An unknown label is shown as its id. With its item, marks in a text are told by their words."""
    if value is None:
        return Said("–")
    question = shown_question(project, item, get_language() or "en")
    return _said(task_types.get(project.task_type).show(dict(value), question), names, item)


def _said(drawing: Drawing, names: Mapping[str, tuple[str, str]], item: Item | None) -> Said:
    if drawing.rows is not None:
        rows = tuple((row.title, _said(row.drawing, names, item)) for row in drawing.rows)
        shapes = tuple(shape for _title, said in rows for shape in said.shapes)
        return Said(" · ".join(f"{title}: {said.words}" for title, said in rows), shapes=shapes, rows=rows)
    if drawing.label is not None:
        return Said(*names.get(drawing.label, (drawing.label, FALLBACK_COLOUR)))
    if drawing.labels is not None:
        return Said(", ".join(names.get(one, (one, ""))[0] for one in drawing.labels) or _("none of these"))
    if drawing.shapes is None:
        return Said(drawing.words or "", changes=tuple(drawing.changes or ()))
    if drawing.of_faults and not drawing.shapes:
        return Said(_("nothing is wrong"))
    named = [(one, *names.get(one.label, (one.label, FALLBACK_COLOUR))) for one in drawing.shapes]
    shapes = tuple(Named(shape, name, colour) for shape, name, colour in named)
    text = item.payload.get("text", "") if item else ""
    said = _pointed(shapes) or _lines(shapes) or (_quoted(text, shapes) if text and shapes else _count(shapes))
    return Said(said, shapes=shapes)


def _lines(shapes: Sequence[Named]) -> str:
    """What stands in a picture, line by line, each with its label; of many lines the first."""
    said = [f"{one.shape.text or '–'} ({one.name})" for one in shapes if isinstance(one.shape, Written)]
    return " / ".join(said[:QUOTED]) + (" …" if len(said) > QUOTED else "")


def _pointed(shapes: Sequence[Named]) -> str:
    """Which parts, each with its label and how bad it is."""
    steps = [(one.shape, one.name) for one in shapes if isinstance(one.shape, Step)]
    return ", ".join(f"{step.part}: {name}" + (f" ({step.grade})" if step.grade else "") for step, name in steps)


def _quoted(text: str, shapes: Sequence[Named]) -> str:
    """The marked words, each with its label; of many marks the first."""
    said = [
        f"{text[one.shape.start : one.shape.end][:40]} ({one.name})" for one in shapes if isinstance(one.shape, Span)
    ]
    return ", ".join(said[:QUOTED]) + (" …" if len(said) > QUOTED else "") if said else _count(shapes)


def _count(shapes: Sequence[Named]) -> str:
    counts = Counter(one.name for one in shapes)
    return ", ".join(f"{name} × {n}" if n > 1 else name for name, n in counts.items()) or _("nothing marked")


def spark(values: Sequence[float], width: int = 300, height: int = 60) -> dict[str, Any] | None:
    """Points of a line and of the area under it, for an SVG of that size."""
    if len(values) < 2:
        return None
    top = max(values) or 1
    step = width / (len(values) - 1)
    points = [f"{i * step:.1f},{height - value / top * height:.1f}" for i, value in enumerate(values)]
    line = " ".join(points)
    return {"line": line, "area": f"0,{height} {line} {width},{height}", "width": width, "height": height}
