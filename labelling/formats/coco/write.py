"""COCO out: decided outlines. Three passes over the release, so that memory does not grow with it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import numpy as np

from labelling.formats.frozen import UNITS, Frozen
from labelling.formats.outlines import area, full_size
from labelling.formats.own import CONTRIBUTOR
from labelling.formats.pictures import pictures
from labelling.task_types.drawing import Mask, Skeleton
from labelling.task_types.label_names import names_in, names_of
from labelling.task_types.runs import text_of_mask

BLOCK = 500


def write(frozen: Frozen) -> Iterator[bytes]:
    names = names_of({"labels": frozen.labels})
    yield dump({"info": info_of(frozen), "licenses": []})[:-1].encode()
    yield from array("images", _images(frozen, names))
    numbers = {label_id: number for number, label_id in enumerate(names, 1)}
    more: dict[str, Any] = {}
    yield from array("annotations", _annotations(frozen, numbers, more))
    categories = [{"id": numbers[label], "name": name, "supercategory": "", **more} for label, name in names.items()]
    yield f',"categories":{dump(categories)}}}\n'.encode()


def info_of(frozen: Frozen) -> dict:
    return {
        "year": int(frozen.created_at[:4]),
        "version": str(frozen.number),
        "description": f"{frozen.title} ({UNITS})",
        "contributor": CONTRIBUTOR,
        "url": "",
        "date_created": frozen.created_at,
    }


def array(name: str, values: Iterator[dict]) -> Iterator[bytes]:
    """`,"name":[...]`, some values at a time."""
    block, before = [], f',"{name}":['
    for value in values:
        block.append(dump(value))
        if len(block) == BLOCK:
            yield (before + ",".join(block)).encode()
            block, before = [], ","
    yield (before if block or before != "," else "").encode() + ",".join(block).encode() + b"]"


def _images(frozen: Frozen, names: dict[str, str]) -> Iterator[dict]:
    """The pictures. On the way `names` learns what labels were called when the release was made, and those that the project
    no longer has."""
    for image_id, name, row in pictures(frozen):
        names |= names_in(row["decision"])
        yield image_of(image_id, name, row)


def image_of(image_id: int, name: str, row: dict) -> dict:
    return {
        "id": image_id,
        "width": row["media"]["width_px"],
        "height": row["media"]["height_px"],
        "file_name": name,
        "license": 0,
        "flickr_url": "",
        "coco_url": "",
        "date_captured": "",
    }


def _annotations(frozen: Frozen, numbers: dict[str, int], more: dict[str, Any]) -> Iterator[dict]:
    """The marks. On the way `more` learns what the categories say of their points."""
    mark_id = 0
    for image_id, _, row in pictures(frozen):
        for shape in frozen.shapes(row):
            mark_id += 1
            said = {"id": mark_id, "image_id": image_id, "category_id": numbers[shape.label], "iscrowd": 0}
            if isinstance(shape, Skeleton):
                more |= {"keypoints": list(shape.names), "skeleton": [[a + 1, b + 1] for a, b in shape.edges]}
                yield said | _figure(shape)
            else:
                yield said | (_area(shape) if isinstance(shape, Mask) else _outline(shape))


def _outline(shape: Any) -> dict:
    xs, ys = zip(*((float(x), float(y)) for x, y in shape.ring), strict=True)
    return {
        "segmentation": [[value for point in zip(xs, ys, strict=True) for value in point]],
        "area": area(shape.ring),
        "bbox": [min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys)],
    }


def _area(shape: Mask) -> dict:
    """Run lengths in the pixels of the picture, as pycocotools takes them."""
    whole = full_size(shape)
    down, across = np.flatnonzero(whole.any(axis=1)), np.flatnonzero(whole.any(axis=0))
    box = [across[0], down[0], across[-1] + 1 - across[0], down[-1] + 1 - down[0]]
    return {
        "segmentation": {"size": [shape.height_px, shape.width_px], "counts": text_of_mask(whole)},
        "area": float(whole.sum()),
        "bbox": [float(one) for one in box],
    }


def _figure(shape: Skeleton) -> dict:
    """The box and the area are those around the points: nobody has drawn the figure's outline."""
    box = [float(one) for one in shape.box]
    return {
        "keypoints": [value for point in shape.points for value in point],
        "num_keypoints": sum(1 for _, _, v in shape.points if v),
        "segmentation": [],
        "area": box[2] * box[3],
        "bbox": box,
    }


def dump(value) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
