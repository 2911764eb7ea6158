"""Regions of pictures as outlines. Places are per cent of the picture whose size stands beside them."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from consensus.core.regions.rle import encode
from labelling.formats.label_studio.brush import unpacked
from labelling.formats.label_studio.results import HIDDEN
from labelling.formats.outlines import Mark, Marks, Outline, Pixels, Point

Result = dict[str, Any]
OFF_PX = 0.5  # how far the sides of a ring that stands for an ellipse lie from it at most


def marks_of(regions: Sequence[Sequence[Result]]) -> Marks:
    """Of a picture, without the points that lie under another region: these are its."""
    sizes = [size for region in regions if (size := _size(region[0])) is not None]
    width, height = sizes[0] if sizes else (None, None)
    under: dict[str, list[Result]] = {}
    for region in regions:
        if isinstance(parent := region[0].get("parentID"), str) and _kind(region[0]) == "keypoint":
            under.setdefault(parent, []).append(region[0])
    own = [region for region in regions if not _is_under(region[0], under)]
    marks = tuple(_mark(f"{n} ({_kind(one[0])})", one, under, sizes) for n, one in enumerate(own, 1))
    return Marks(marks, width, height, unit=not sizes)


def _kind(one: Result) -> str:
    return str(one.get("type")).removesuffix("labels")


def _is_under(one: Result, under: Mapping[str, list[Result]]) -> bool:
    return any(one is point for points in under.values() for point in points)


def _size(one: Result) -> tuple[int, int] | None:
    sides = one.get("original_width"), one.get("original_height")
    good = all(isinstance(side, int) and not isinstance(side, bool) and 0 < side < 1_000_000 for side in sides)
    return (sides[0], sides[1]) if good else None  # type: ignore[return-value]


def _mark(name: str, region: Sequence[Result], under: Mapping[str, list[Result]], sizes: list[tuple[int, int]]) -> Mark:
    first = region[0]
    labels = tuple(label for one in region for label in labels_of(one))
    if not labels:
        return Mark(name, (), fault="it has no label.")
    if first.get("image_rotation") not in (None, 0):
        return Mark(name, labels, fault="it was drawn on a picture that was turned.")
    if len(set(sizes)) > 1:
        return Mark(name, labels, fault="the marks of this picture name several sizes for it.")
    size = sizes[0] if sizes else (1, 1)
    try:
        outline = _OUTLINES[_kind(first)](first["value"], size)
        points = tuple(_point(one, size) for one in under.get(str(first.get("id")), ()))
    except ValueError as bad:
        return Mark(name, labels, fault=str(bad))
    text = next((said for one in region if (said := _text(one))), "")
    return Mark(name, labels, Outline(outline.rings, outline.box, points, text, outline.pixels))


def labels_of(one: Result) -> list[str]:
    """Under the name of its kind, or under `labels`."""
    for name in (str(one.get("type")), "labels"):
        said = one["value"].get(name)
        if isinstance(said, list) and name.endswith("labels"):
            return [label for label in said if isinstance(label, str)]
    return []


def _text(one: Result) -> str:
    said = one["value"].get("text")
    return "\n".join(map(str, said)) if isinstance(said, list) else said if isinstance(said, str) else ""


def share_of(value: Mapping[str, Any], *names: str) -> list[float]:
    """Per cent as shares. ValueError where one is none."""
    found = [value.get(name) for name in names]
    if not all(isinstance(one, int | float) and not isinstance(one, bool) and math.isfinite(one) for one in found):
        raise ValueError(f"its {', '.join(names)} are no numbers.")
    return [float(one) / 100 for one in found]  # type: ignore[arg-type]


def _rectangle(value: Mapping[str, Any], size: tuple[int, int]) -> Outline:
    """One that is turned, clockwise around its first corner, is a ring."""
    x, y, width, height = (part * size[n % 2] for n, part in enumerate(share_of(value, "x", "y", "width", "height")))
    if not value.get("rotation"):
        return Outline(box=(x, y, width, height))
    [turn] = share_of(value, "rotation")
    cos, sin = math.cos(math.radians(100 * turn)), math.sin(math.radians(100 * turn))
    corners = ((0.0, 0.0), (width, 0.0), (width, height), (0.0, height))
    return Outline((tuple((x + a * cos - b * sin, y + a * sin + b * cos) for a, b in corners),))


def _ellipse(value: Mapping[str, Any], size: tuple[int, int]) -> Outline:
    x, y, across, down = (part * size[n % 2] for n, part in enumerate(share_of(value, "x", "y", "radiusX", "radiusY")))
    [turn] = share_of({"rotation": 0, **value}, "rotation")
    if across <= 0 or down <= 0 or max(across, down) > 1e6:
        raise ValueError("its radii are none.")
    cos, sin = math.cos(math.radians(100 * turn)), math.sin(math.radians(100 * turn))
    off = min(OFF_PX * max(across, down) / max(size) if size == (1, 1) else OFF_PX, max(across, down) / 2)
    n = 4 * max(
        2, math.ceil(math.pi / math.acos(1 - off / max(across, down)) / 4)
    )  # so that its four ends are among them
    around = [(across * math.cos(2 * math.pi * k / n), down * math.sin(2 * math.pi * k / n)) for k in range(n)]
    return Outline((tuple((x + a * cos - b * sin, y + a * sin + b * cos) for a, b in around),))


def _polygon(value: Mapping[str, Any], size: tuple[int, int]) -> Outline:
    given = value.get("points")
    if (
        not isinstance(given, list)
        or len(given) < 3
        or not all(isinstance(one, list) and len(one) == 2 for one in given)
    ):
        raise ValueError("it has fewer than three points.")
    ring: list[Point] = []
    for x, y in given:
        across, down = share_of({"x": x, "y": y}, "x", "y")
        ring.append((across * size[0], down * size[1]))
    return Outline((tuple(ring),))


def _brush(value: Mapping[str, Any], size: tuple[int, int]) -> Outline:
    given = value.get("rle")
    if not isinstance(given, list):
        raise ValueError("its rle is no list of bytes.")
    if size == (1, 1):
        raise ValueError("its original_width and original_height are missing.")
    mask = unpacked(given, size[1], size[0])
    pixels = Pixels(size[1], size[0], tuple(encode(mask)["counts"]))
    if pixels.box is None:
        raise ValueError("nothing is brushed.")
    return Outline(box=pixels.box, pixels=pixels)


def _alone(value: Mapping[str, Any], size: tuple[int, int]) -> Outline:
    raise ValueError("it is a point by itself: points are taken under a rectangle, as its figure.")


def _point(one: Result, size: tuple[int, int]) -> tuple[str, float, float, int]:
    x, y = share_of(one["value"], "x", "y")
    meta = one.get("meta")
    noted = meta.get("text") if isinstance(meta, dict) else None
    hidden = isinstance(noted, list) and HIDDEN in noted
    return next(iter(labels_of(one)), ""), x * size[0], y * size[1], 1 if hidden else 2


_OUTLINES: dict[str, Callable[[Mapping[str, Any], tuple[int, int]], Outline]] = {
    "rectangle": _rectangle,
    "ellipse": _ellipse,
    "polygon": _polygon,
    "brush": _brush,
    "keypoint": _alone,
}
