"""COCO in: the truth of pictures that lie in the same zip. A row for each picture."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from intake.limits import IMAGE_PIXELS
from labelling.formats.json_lists import Element, elements
from labelling.formats.on_disk import heaps
from labelling.formats.outlines import Mark, Marks, Outline, Pixels, Ring
from labelling.formats.own import CONTRIBUTOR, DECISION
from labelling.formats.rows import BadTable, Note, Refused, Row
from labelling.task_types.runs import runs_of

CATEGORIES = 100_000
_CAPTIONS = "{} captions of the COCO file were left out: give it a name with the word captions, and send it beside its pictures."


def is_table(start: str) -> bool:
    named = any(f'"{key}"' in start for key in ("images", "annotations", "categories", "licenses"))
    return start.lstrip().startswith("{") and named and '"caption"' not in start


def read(path: Path) -> Iterator[Row | Refused]:
    """A row for each picture: {"file", "id", "gold": Marks}. A file that marks nothing at all states no truth."""
    with heaps() as held:
        whole = _Whole()
        held.keep(whole.kept(elements(path, "images", "COCO")))
        lost, drawn = held.strays("annotations", "images")
        notes = whole.notes(lost)
        for number, image in enumerate(held.each("images"), 1):
            found = held.of("annotations", str(image.get("id"))) if isinstance(image, dict) else []
            marks = [_mark(place, one, whole.categories) for place, one in enumerate(found, 1)]
            row = _row(number, image, marks, drawn > lost, whole.ours)
            if isinstance(row, Row):
                row.remarks, notes = notes, ()
            yield row


@dataclass
class _Whole:
    """What the file says of all its pictures; what it says of each goes on the disk."""

    ours: bool = False
    captions: int = 0
    categories: dict[str, dict] = field(default_factory=dict)

    def kept(self, found: Iterator[Element]) -> Iterator[tuple[str, str | None, str]]:
        """(heap, picture, as it is written) of pictures and their marks."""
        for name, value, raw, listed in found:
            if name == "images" and listed:
                yield name, str(value.get("id")) if isinstance(value, dict) else None, raw
            elif not isinstance(value, dict):
                continue
            elif name == "info" and not listed:
                self.ours = value.get("contributor") == CONTRIBUTOR
            elif name == "categories" and listed:
                self._take_category(value)
            elif name == "annotations" and listed and "caption" in value:
                self.captions += 1
            elif name == "annotations" and listed:
                yield name, str(value.get("image_id")), raw

    def _take_category(self, category: dict) -> None:
        if len(self.categories) == CATEGORIES:
            raise BadTable(f"The COCO file has more than {CATEGORIES:,} categories.")
        self.categories[str(category.get("id"))] = {name: category.get(name) for name in ("name", "keypoints")}

    def notes(self, lost: int) -> tuple[Note, ...]:
        said = [f"{lost} marks of the COCO file belong to no picture of it and were left out."] if lost else []
        said += [_CAPTIONS.format(self.captions)] if self.captions else []
        return tuple(("gold", sentence) for sentence in said)


def _row(number: int, image: Any, marks: list[Mark], states: bool, ours: bool) -> Row | Refused:
    """states: the file marks something somewhere."""
    file_name = image.get("file_name") if isinstance(image, dict) else None
    if not isinstance(file_name, str) or not file_name:
        return Refused(number, "images", "file", "The COCO file names no file_name for this picture.")
    said = Marks(tuple(marks), _pixels(image.get("width")), _pixels(image.get("height")))
    if ours:  # the number of a picture is ours there, not hers
        return Row(number, file_name, {"file": file_name, DECISION: said})
    cells: dict[str, Any] = {"file": file_name, "id": str(image.get("id", file_name))} | (
        {"gold": said} if states else {}
    )
    return Row(number, file_name, cells)


def _pixels(value) -> int | None:
    return int(value) if isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < 1e6 else None


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
