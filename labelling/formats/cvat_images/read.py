from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from xml.etree.ElementTree import Element

from labelling.formats.outlines import Mark, Marks, Outline
from labelling.formats.stretches import stem_of
from labelling.formats.xml import number_of, opens_with, pixels_of, points_of, read_xml

_EDGES = ("xtl", "ytl", "xbr", "ybr")


def is_one(start: str, name: str) -> bool:
    return name.lower().endswith(".xml") and opens_with(start, "annotations") and "<mode>interpolation" not in start


def of_many(content: bytes) -> Mapping[str, Marks]:
    """What is said of each picture, by its name without an ending; ValueError for what is none."""
    return {stem_of(name): marks for name, marks in _pictures(content)}


def read(content: bytes, classes: Sequence[str]) -> tuple[str, Marks]:
    """Of one that speaks of a single picture."""
    found = _pictures(content)
    if len(found) > 1:
        raise ValueError("it speaks of several pictures, none of which is here.")
    return found[0] if found else ("", Marks((), None, None))


def _pictures(content: bytes) -> list[tuple[str, Marks]]:
    root = read_xml(content)
    if root.tag != "annotations":
        raise ValueError("it has no <annotations>.")
    return [(_name(one), _marks(one)) for one in root.findall("image")]


def _name(image: Element) -> str:
    """A project's pictures lie in the folders of its subsets, and their names are told apart by these alone."""
    return "/".join(part for part in (image.get("subset"), image.get("name")) if part)


def _marks(image: Element) -> Marks:
    shapes = [one for one in image if one.tag != "tag"]  # tags are of the whole picture: nothing is drawn
    marks = tuple(_mark(f"{number} ({one.tag})", one) for number, one in enumerate(shapes, 1))
    return Marks(marks, pixels_of(image.get("width")), pixels_of(image.get("height")))


def _mark(name: str, given: Element) -> Mark:
    label = given.get("label", "")
    if not label:
        return Mark(name, (), fault="it names no label.")
    outline_of = _OUTLINES.get(given.tag)
    if outline_of is None:
        return Mark(name, (label,), fault="it is no box, polygon, point or skeleton.")
    try:
        return Mark(name, (label,), outline_of(given))
    except ValueError as bad:
        return Mark(name, (label,), fault=str(bad))


def _box(given: Element) -> Outline:
    left, top, right, bottom = (number_of(given.get(edge)) for edge in _EDGES)
    if left is None or top is None or right is None or bottom is None:
        raise ValueError(f"its {', '.join(_EDGES)} are no numbers.")
    return Outline(box=(left, top, right - left, bottom - top))


def _polygon(given: Element) -> Outline:
    ring = tuple(points_of(given.get("points", "")))
    if len(ring) < 3:
        raise ValueError("it has fewer than three points.")
    return Outline((ring,))


def _points(given: Element) -> Outline:
    """Points that have no names, in their order."""
    return Outline(points=tuple(("", x, y, _seen(given)) for x, y in points_of(given.get("points", ""))))


def _skeleton(given: Element) -> Outline:
    named = [(one.get("label", ""), next(points_of(one.get("points", ""))), one) for one in given.findall("points")]
    return Outline(points=tuple((name, x, y, _seen(one)) for name, (x, y), one in named))


def _seen(point: Element) -> int:
    """As in COCO: 0 it is not there, 1 hidden, 2 seen."""
    return 0 if point.get("outside") == "1" else 1 if point.get("occluded") == "1" else 2


_OUTLINES: dict[str, Callable[[Element], Outline]] = {
    "box": _box,
    "polygon": _polygon,
    "points": _points,
    "skeleton": _skeleton,
}
