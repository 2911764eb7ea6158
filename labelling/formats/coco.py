"""COCO instances (boxes), as pycocotools reads them: floats, origin top left, ids from 1, `bbox` = [x, y, width, height].

In: the truth of pictures that lie in the same zip. Out: decided boxes; three passes over the release, so that memory does
not grow with it. (cocodataset/cocoapi, PythonAPI/pycocotools/coco.py)
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from labelling.formats.frozen import UNITS, Frozen
from labelling.formats.rows import BadTable, Note, Refused, Row
from labelling.task_types.label_names import names_of

BLOCK = 500
READ_BYTES = 64 * 1024 * 1024


# --- in ---------------------------------------------------------------------------------------------------------------
def is_coco(head: str) -> bool:
    return head.lstrip().startswith("{") and any(
        f'"{key}"' in head for key in ("images", "annotations", "categories", "licenses")
    )


@dataclass(frozen=True)
class Mark:
    """One annotation: which labels it may mean (name or id of its category), and its box, or what is wrong with it."""

    name: str
    labels: tuple
    box: tuple[float, float, float, float] = (0, 0, 0, 0)
    fault: str = ""


@dataclass(frozen=True)
class Marks:
    """What the file states of one picture, before anybody has looked at the picture."""

    marks: tuple[Mark, ...]
    width_px: int | None
    height_px: int | None


def read(path: Path) -> Iterator[Row | Refused]:
    """A row for each picture: {"file", "id", "gold": Marks}. A file that marks nothing at all states no truth."""
    if path.stat().st_size > READ_BYTES:
        raise BadTable(f"The COCO file is larger than {READ_BYTES // 2**20} MB: split it.")
    try:
        whole = json.loads(path.read_bytes())
    except (ValueError, RecursionError) as broken:
        raise BadTable(f"This is no COCO file: {str(broken).split(':')[0]}.") from broken
    images = whole.get("images") if isinstance(whole, dict) else None
    if not isinstance(images, list):
        raise BadTable("This is no COCO file: it has no list named images.")
    marks, notes = _marks_by_image(_objects(whole, "annotations"), _objects(whole, "categories"), images)
    for number, image in enumerate(images, 1):
        row = _row(number, image, marks)
        if isinstance(row, Row):
            row.remarks, notes = notes, ()
        yield row


def _objects(whole: dict, name: str) -> list[dict]:
    found = whole.get(name)
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _row(number: int, image, marks: dict[str, list[Mark]]) -> Row | Refused:
    file_name = image.get("file_name") if isinstance(image, dict) else None
    if not isinstance(file_name, str) or not file_name:
        return Refused(number, "images", "file", "The COCO file names no file_name for this picture.")
    cells: dict[str, Any] = {"file": file_name, "id": str(image.get("id", file_name))}
    if marks:
        own = tuple(marks.get(str(image.get("id")), ()))
        cells["gold"] = Marks(own, _pixels(image.get("width")), _pixels(image.get("height")))
    return Row(number, file_name, cells)


def _pixels(value) -> int | None:
    return int(value) if isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < 1e6 else None


def _marks_by_image(annotations, categories, images) -> tuple[dict[str, list[Mark]], tuple[Note, ...]]:
    names = {str(category.get("id")): category.get("name") for category in categories}
    known = {str(image.get("id")) for image in images if isinstance(image, dict)}
    found: dict[str, list[Mark]] = {}
    lost = 0
    for number, given in enumerate(annotations, 1):
        image_id = str(given.get("image_id"))
        if image_id in known:
            found.setdefault(image_id, []).append(_mark(number, given, names))
        else:
            lost += 1
    note = f"{lost} marks of the COCO file belong to no picture of it and were left out."
    return found, (("gold", note),) if lost else ()


def _mark(number: int, given: dict, names: dict[str, Any]) -> Mark:
    category_id = given.get("category_id")
    labels = tuple(one for one in (names.get(str(category_id)), category_id) if one not in (None, ""))
    name = str(given.get("id", number))[:40]
    if not labels:
        return Mark(name, labels, fault="it names no category.")
    if given.get("iscrowd"):
        return Mark(name, labels, fault="it is a crowd (iscrowd), not one object.")
    box = _numbers(given.get("bbox"), 4) or _around(given.get("segmentation"))
    return (
        Mark(name, labels, box) if box else Mark(name, labels, fault="it has neither a bbox nor a polygon of numbers.")
    )


def _numbers(values, count: int | None = None) -> tuple[float, ...] | None:
    if not isinstance(values, list) or (count and len(values) != count):
        return None
    good = all(isinstance(one, int | float) and not isinstance(one, bool) and math.isfinite(one) for one in values)
    return tuple(map(float, values)) if good else None


def _around(polygons) -> tuple[float, ...] | None:
    """The box around all polygons of a mark."""
    parts = [_numbers(one) for one in polygons] if isinstance(polygons, list) else []
    if not parts or not all(part and len(part) >= 6 and len(part) % 2 == 0 for part in parts):
        return None
    xs, ys = [x for part in parts for x in part[::2]], [y for part in parts for y in part[1::2]]
    return min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys)


# --- out --------------------------------------------------------------------------------------------------------------
def write(frozen: Frozen) -> Iterator[bytes]:
    names = names_of({"labels": frozen.labels})
    yield _dump({"info": _info(frozen), "licenses": []})[:-1].encode()
    yield from _array("images", _images(frozen, names))
    numbers = {label_id: number for number, label_id in enumerate(names, 1)}
    yield from _array("annotations", _annotations(frozen, numbers))
    categories = [{"id": numbers[label_id], "name": name, "supercategory": ""} for label_id, name in names.items()]
    yield f',"categories":{_dump(categories)}}}\n'.encode()


def _info(frozen: Frozen) -> dict:
    return {
        "year": int(frozen.created_at[:4]),
        "version": str(frozen.number),
        "description": f"{frozen.title} ({UNITS})",
        "contributor": "Ilima",
        "url": "",
        "date_created": frozen.created_at,
    }


def _array(name: str, values: Iterator[dict]) -> Iterator[bytes]:
    """`,"name":[...]`, some values at a time."""
    block, before = [], f',"{name}":['
    for value in values:
        block.append(_dump(value))
        if len(block) == BLOCK:
            yield (before + ",".join(block)).encode()
            block, before = [], ","
    yield (before if block or before != "," else "").encode() + ",".join(block).encode() + b"]"


def _pictures(frozen: Frozen) -> Iterator[tuple[int, str, dict]]:
    """Image id, name and line: the items, then again the same pictures under the further names that they were sent by."""
    last, again = 0, False
    for row in _decided(frozen):
        last, again = max(last, row["item"]), again or bool(row.get("other_rows"))
        yield row["item"], _name(row["media"]["file_name"], row["external_id"], row), row
    if again:
        others = ((row, other) for row in _decided(frozen) for other in row.get("other_rows", []))
        for number, (row, other) in enumerate(others, last + 1):
            yield number, _name(other["file_name"], other["external_id"], row), row


def _decided(frozen: Frozen) -> Iterator[dict]:
    """In this format a picture without marks says that nothing is there: one that nobody has decided is left out."""
    return (row for row in frozen.rows() if row["decision"] is not None)


def _name(file_name: str, external_id: str, row: dict) -> str:
    return file_name or external_id or str(row["item"])


def _images(frozen: Frozen, names: dict[str, str]) -> Iterator[dict]:
    """The pictures. On the way `names` learns what labels were called when the release was made, and those that the project
    no longer has."""
    for image_id, name, row in _pictures(frozen):
        names |= {box["label_id"]: box["label"] for box in row["decision"]["boxes"]}
        yield {
            "id": image_id,
            "width": row["media"]["width_px"],
            "height": row["media"]["height_px"],
            "file_name": name,
            "license": 0,
            "flickr_url": "",
            "coco_url": "",
            "date_captured": "",
        }


def _annotations(frozen: Frozen, numbers: dict[str, int]) -> Iterator[dict]:
    mark_id = 0
    for image_id, _, row in _pictures(frozen):
        for box in row["decision"]["boxes"]:
            mark_id += 1
            x, y, width, height = (float(box[side]) for side in ("x", "y", "width", "height"))
            yield {
                "id": mark_id,
                "image_id": image_id,
                "category_id": numbers[box["label_id"]],
                "segmentation": [[x, y, x + width, y, x + width, y + height, x, y + height]],
                "area": width * height,
                "bbox": [x, y, width, height],
                "iscrowd": 0,
            }


def _dump(value) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
