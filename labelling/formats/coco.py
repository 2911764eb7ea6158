"""COCO instances (boxes), as pycocotools reads them: floats, origin top left, ids from 1, `bbox` = [x, y, width, height].

In: the truth of pictures that lie in the same zip. Out: decided boxes; three passes over the release, so that memory does
not grow with it. (cocodataset/cocoapi, PythonAPI/pycocotools/coco.py)
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from labelling.formats.frozen import UNITS, Frozen
from labelling.formats.rows import BadTable, Row

BLOCK = 500
READ_BYTES = 64 * 1024 * 1024


# --- in ---------------------------------------------------------------------------------------------------------------
def is_coco(head: str) -> bool:
    return head.lstrip().startswith("{") and any(
        f'"{key}"' in head for key in ("images", "annotations", "categories", "info")
    )


def read(path: Path) -> Iterator[Row]:
    """A row for each picture: {"file", "id", "gold": {"boxes": [...]}}, boxes rounded to whole pixels inside it."""
    if path.stat().st_size > READ_BYTES:
        raise BadTable(f"The COCO file is larger than {READ_BYTES // 2**20} MB: split it.")
    try:
        whole = json.loads(path.read_bytes())
        names = {category["id"]: str(category["name"]) for category in whole["categories"]}
        boxes: dict[int, list[dict]] = {image["id"]: [] for image in whole["images"]}
        for mark in whole["annotations"]:
            if not mark.get("iscrowd"):
                boxes[mark["image_id"]].append(
                    {"label": names[mark["category_id"]], "bbox": list(map(float, mark["bbox"]))}
                )
        images = [
            (image["id"], image["file_name"], int(image["width"]), int(image["height"])) for image in whole["images"]
        ]
    except (ValueError, KeyError, TypeError, RecursionError) as broken:
        raise BadTable(f"This is no COCO instances file ({type(broken).__name__}: {broken}).") from broken
    for number, (image_id, file_name, width_px, height_px) in enumerate(images, 1):
        gold = {"boxes": [_whole_pixels(box, width_px, height_px) for box in boxes[image_id]]}
        yield Row(number, str(file_name), {"file": str(file_name), "id": str(image_id), "gold": gold})


def _whole_pixels(box: dict, width_px: int, height_px: int) -> dict:
    x, y, width, height = box["bbox"]
    left, top = min(max(0, round(x)), width_px - 1), min(max(0, round(y)), height_px - 1)
    right, bottom = min(width_px, round(x + width)), min(height_px, round(y + height))
    return {"label": box["label"], "x": left, "y": top, "width": max(1, right - left), "height": max(1, bottom - top)}


# --- out --------------------------------------------------------------------------------------------------------------
def write(frozen: Frozen) -> Iterator[bytes]:
    labels = [label["id"] for label in frozen.labels]
    yield _dump({"info": _info(frozen), "licenses": []})[:-1].encode()
    yield from _array("images", _images(frozen, labels))
    numbers = {label: number for number, label in enumerate(labels, 1)}
    yield from _array("annotations", _annotations(frozen, numbers))
    categories = [{"id": number, "name": label, "supercategory": ""} for label, number in numbers.items()]
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


def _images(frozen: Frozen, labels: list[str]) -> Iterator[dict]:
    """The pictures; a label that the project no longer has, but the release does, is added to `labels` on the way."""
    for row in frozen.rows():
        media = row["media"]
        labels += sorted({box["label"] for box in row["decision"]["boxes"]}.difference(labels))
        yield {
            "id": row["item"],
            "width": media["width_px"],
            "height": media["height_px"],
            "file_name": media["file_name"] or row["external_id"] or str(row["item"]),
            "license": 0,
            "flickr_url": "",
            "coco_url": "",
            "date_captured": "",
        }


def _annotations(frozen: Frozen, numbers: dict[str, int]) -> Iterator[dict]:
    mark_id = 0
    for row in frozen.rows():
        for box in row["decision"]["boxes"]:
            mark_id += 1
            x, y, width, height = (float(box[side]) for side in ("x", "y", "width", "height"))
            yield {
                "id": mark_id,
                "image_id": row["item"],
                "category_id": numbers[box["label"]],
                "segmentation": [[x, y, x + width, y, x + width, y + height, x, y + height]],
                "area": width * height,
                "bbox": [x, y, width, height],
                "iscrowd": 0,
            }


def _dump(value) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
