"""What the templates draw: overlays of answers, sparklines. Plain data in, plain data out; the templates write the SVG."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from intake.models import Media
from intake.urls import variant_url
from labelling.models import Item, Project

FALLBACK_COLOUR = "#8a3216"


@dataclass(frozen=True)
class Shown:
    """An item as the console shows it: the picture, the sound or the text."""

    item: Item
    text: str = ""
    picture: str = ""
    thumb: str = ""
    sound: str = ""
    width_px: int = 0
    height_px: int = 0


def _variant(media: Media, *names: str) -> str:
    return next((variant_url(media, name) for name in names if name in media.variants), "")


def show(item: Item) -> Shown:
    media = item.media
    text = item.payload.get("text", "") if isinstance(item.payload, dict) else ""
    if media is None:
        return Shown(item, text=text)
    if media.kind == Media.Kind.AUDIO:
        return Shown(item, text=text, sound=_variant(media, "opus"))
    picture, thumb = _variant(media, "640", "320", "1280"), _variant(media, "320", "640", "1280")
    return Shown(item, text, picture, thumb, "", media.width_px or 0, media.height_px or 0)


@dataclass(frozen=True)
class Box:
    x: int
    y: int
    width: int
    height: int
    colour: str
    name: str


@dataclass(frozen=True)
class Said:
    """One answer in the shape that its task type is shown in."""

    kind: str  # choice, boxes, text or other
    words: str
    colour: str = ""
    boxes: Sequence[Box] = field(default_factory=tuple)


def label_names(project: Project, language: str) -> dict[str, tuple[str, str]]:
    """label id -> (name in the language, colour)."""
    named = {}
    for label in [*project.past_labels, *project.config.get("labels", [])]:
        names = label.get("name") or {}
        name = names.get(language) or names.get("en") or next(iter(names.values()), label["id"])
        named[label["id"]] = (name, label.get("colour") or FALLBACK_COLOUR)
    return named


def say(task_type: str, value: Mapping[str, Any] | None, names: Mapping[str, tuple[str, str]]) -> Said:
    """A value in words and shapes. An unknown label is shown as its id."""
    if value is None:
        return Said("other", "–")
    if task_type == "choice":
        name, colour = names.get(value.get("label"), (value.get("label", "–"), FALLBACK_COLOUR))
        return Said("choice", name, colour)
    if task_type == "boxes":
        boxes = [_box(box, names) for box in value.get("boxes", [])]
        return Said("boxes", _count(boxes), boxes=boxes)
    if task_type == "text":
        return Said("text", value.get("text", ""))
    return Said("other", str(value))


def _box(box: Mapping[str, Any], names: Mapping[str, tuple[str, str]]) -> Box:
    name, colour = names.get(box.get("label"), (box.get("label", ""), FALLBACK_COLOUR))
    return Box(box["x"], box["y"], box["width"], box["height"], colour, name)


def _count(boxes: Sequence[Box]) -> str:
    counts: dict[str, int] = {}
    for box in boxes:
        counts[box.name] = counts.get(box.name, 0) + 1
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
