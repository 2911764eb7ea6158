from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from labelling.formats.outlines import Mark, Marks, Outline
from people.strict_json import read_json


def is_one(start: str, name: str) -> bool:
    return name.lower().endswith(".json") and start.lstrip().startswith("{") and '"shapes"' in start


def read(content: bytes, classes: Sequence[str]) -> tuple[str, Marks]:
    """The picture that it names, and its marks; ValueError for what is none."""
    try:
        whole = read_json(content.decode("utf-8-sig"))
    except ValueError:
        raise ValueError("it is no JSON.") from None
    shapes = whole.get("shapes") if isinstance(whole, dict) else None
    if not isinstance(shapes, list):
        raise ValueError("it has no list named shapes.")
    marks = tuple(_mark(number, one) for number, one in enumerate(shapes, 1))
    wide, high = (_pixels(whole.get(side)) for side in ("imageWidth", "imageHeight"))
    named = whole.get("imagePath")
    return named if isinstance(named, str) else "", Marks(marks, wide, high)


def _mark(number: int, given: Any) -> Mark:
    name = str(number)
    if not isinstance(given, dict) or not isinstance(given.get("label"), str) or not given["label"]:
        return Mark(name, (), fault="it names no label.")
    labels, kind, points = (given["label"],), given.get("shape_type", "polygon"), _points(given.get("points"))
    if kind == "polygon" and points and len(points) >= 3:
        said = given.get("description")
        return Mark(name, labels, Outline((tuple(points),), text=said if isinstance(said, str) else ""))
    if kind == "rectangle" and points and len(points) == 2:
        (x, y), (u, v) = points
        return Mark(name, labels, Outline(box=(min(x, u), min(y, v), abs(u - x), abs(v - y))))
    return Mark(name, labels, fault=f"it is no polygon and no rectangle of numbers ({str(kind)[:30]}).")


def _points(given: Any) -> list[tuple[float, float]] | None:
    if not isinstance(given, list) or not all(isinstance(one, list) and len(one) == 2 for one in given):
        return None
    flat = [value for one in given for value in one]
    good = all(isinstance(one, int | float) and not isinstance(one, bool) and math.isfinite(one) for one in flat)
    return [(float(x), float(y)) for x, y in given] if good else None


def _pixels(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 1_000_000 else None
