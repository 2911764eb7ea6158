"""COCO in: the truth of pictures that lie in the same zip. A row for each picture."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from intake.limits import IMAGE_PIXELS
from labelling.formats.outlines import Mark, Marks, Outline, Pixels, Ring
from labelling.formats.own import CONTRIBUTOR, DECISION
from labelling.formats.rows import Note, Refused, Row
from labelling.formats.whole_json import read_around
from labelling.task_types.runs import runs_of

_CAPTIONS = "{} captions of the COCO file were left out: give it a name with the word captions, and send it beside its pictures."


def is_table(start: str) -> bool:
    named = any(f'"{key}"' in start for key in ("images", "annotations", "categories", "licenses"))
    return start.lstrip().startswith("{") and named and '"caption"' not in start


def read(path: Path) -> Iterator[Row | Refused]:
    """A row for each picture: {"file", "id", "gold": Marks}. A file that marks nothing at all states no truth."""
    whole, images = read_around(path, "images", "COCO")
    ours = _is_own(whole)
    found = _objects(whole, "annotations")
    drawn = [one for one in found if "caption" not in one]
    marks, notes = _marks_by_image(drawn, _objects(whole, "categories"), images)
    notes += (("gold", _CAPTIONS.format(len(found) - len(drawn))),) if len(drawn) < len(found) else ()
    for number, image in enumerate(images, 1):
        row = _row(number, image, marks, ours)
        if isinstance(row, Row):
            row.remarks, notes = notes, ()
        yield row


def _objects(whole: dict, name: str) -> list[dict]:
    found = whole.get(name)
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _is_own(whole: dict) -> bool:
    info = whole.get("info")
    return isinstance(info, dict) and info.get("contributor") == CONTRIBUTOR


def _row(number: int, image, marks: dict[str, list[Mark]], ours: bool) -> Row | Refused:
    file_name = image.get("file_name") if isinstance(image, dict) else None
    if not isinstance(file_name, str) or not file_name:
        return Refused(number, "images", "file", "The COCO file names no file_name for this picture.")
    said = Marks(tuple(marks.get(str(image.get("id")), ())), _pixels(image.get("width")), _pixels(image.get("height")))
    if ours:  # the number of a picture is ours there, not hers
        return Row(number, file_name, {"file": file_name, DECISION: said})
    cells: dict[str, Any] = {"file": file_name, "id": str(image.get("id", file_name))} | (
        {"gold": said} if marks else {}
    )
    return Row(number, file_name, cells)


def _pixels(value) -> int | None:
    return int(value) if isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < 1e6 else None


def _marks_by_image(annotations, categories, images) -> tuple[dict[str, list[Mark]], tuple[Note, ...]]:
    known_categories = {str(category.get("id")): category for category in categories}
    known = {str(image.get("id")) for image in images if isinstance(image, dict)}
    found: dict[str, list[Mark]] = {}
    lost = 0
    for number, given in enumerate(annotations, 1):
        image_id = str(given.get("image_id"))
        if image_id in known:
            found.setdefault(image_id, []).append(_mark(number, given, known_categories))
        else:
            lost += 1
    note = f"{lost} marks of the COCO file belong to no picture of it and were left out."
    return found, (("gold", note),) if lost else ()


def _mark(number: int, given: dict, categories: dict[str, dict]) -> Mark:
    category_id = given.get("category_id")
    category = categories.get(str(category_id), {})
    labels = tuple(one for one in (category.get("name"), category_id) if one not in (None, ""))
    name = str(given.get("id", number))[:40]
    if not labels:
        return Mark(name, labels, fault="it names no category.")
    box, rings = _box(given.get("bbox")), _rings(given.get("segmentation"))
    pixels = _pixels_of(given.get("segmentation"))
    if box is None and pixels is not None:
        box = pixels.box
    points = _points(given.get("keypoints"), category.get("keypoints"))
    if box is None and not rings and not points and pixels is None:
        return Mark(name, labels, fault="it has neither a bbox nor a polygon of numbers.")
    return Mark(name, labels, Outline(rings, box, points, pixels=pixels), crowd=bool(given.get("iscrowd")))


def _pixels_of(said) -> Pixels | None:
    """Run lengths, as numbers or as COCO's text of them; None where they are none, or do not fill their size."""
    size, counts = (said.get("size"), said.get("counts")) if isinstance(said, dict) else (None, None)
    height, width = (_pixels(side) for side in size) if isinstance(size, list) and len(size) == 2 else (None, None)
    if not height or not width or height * width > IMAGE_PIXELS:
        return None
    try:
        runs = runs_of(counts) if isinstance(counts, str) else [int(one) for one in _numbers(counts) or ()]
    except ValueError:
        return None
    whole = min(runs, default=0) >= 0 and sum(runs) == height * width
    return Pixels(height, width, tuple(runs)) if whole else None


def _points(values: Any, names: Any) -> tuple[tuple[str, float, float, int], ...]:
    """The named points of a mark; none where they are no triples, or not as many as the category has names for."""
    flat = _numbers(values)
    if not flat or len(flat) % 3:
        return ()
    said = [str(name) for name in names] if isinstance(names, list) else [""] * (len(flat) // 3)
    triples = zip(flat[::3], flat[1::3], flat[2::3], strict=True)
    return (
        tuple((name, x, y, int(v)) for name, (x, y, v) in zip(said, triples, strict=True))
        if 3 * len(said) == len(flat)
        else ()
    )


def _numbers(values, count: int | None = None) -> tuple[float, ...] | None:
    if not isinstance(values, list) or (count and len(values) != count):
        return None
    good = all(isinstance(one, int | float) and not isinstance(one, bool) and math.isfinite(one) for one in values)
    return tuple(map(float, values)) if good else None


def _box(values: Any) -> tuple[float, float, float, float] | None:
    match _numbers(values, 4):
        case (x, y, width, height):
            return x, y, width, height
    return None


def _rings(polygons) -> tuple[Ring, ...]:
    """All polygons of a mark; none where one of them is no polygon."""
    parts = [_numbers(one) for one in polygons] if isinstance(polygons, list) else []
    if not all(part and len(part) >= 6 and len(part) % 2 == 0 for part in parts):
        return ()
    return tuple(tuple(zip(part[::2], part[1::2], strict=True)) for part in parts if part)
