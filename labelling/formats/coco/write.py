"""COCO out: decided outlines. Three passes over the release, so that memory does not grow with it."""

from __future__ import annotations

import json
from collections.abc import Iterator

from labelling.formats.frozen import UNITS, Frozen
from labelling.formats.outlines import area
from labelling.formats.own import CONTRIBUTOR
from labelling.formats.pictures import pictures
from labelling.task_types.label_names import names_in, names_of

BLOCK = 500


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
        "contributor": CONTRIBUTOR,
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


def _images(frozen: Frozen, names: dict[str, str]) -> Iterator[dict]:
    """The pictures. On the way `names` learns what labels were called when the release was made, and those that the project
    no longer has."""
    for image_id, name, row in pictures(frozen):
        names |= names_in(row["decision"])
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
    for image_id, _, row in pictures(frozen):
        for shape in frozen.shapes(row):
            mark_id += 1
            xs, ys = zip(*((float(x), float(y)) for x, y in shape.ring), strict=True)
            yield {
                "id": mark_id,
                "image_id": image_id,
                "category_id": numbers[shape.label],
                "segmentation": [[value for point in zip(xs, ys, strict=True) for value in point]],
                "area": area(shape.ring),
                "bbox": [min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys)],
                "iscrowd": 0,
            }


def _dump(value) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
