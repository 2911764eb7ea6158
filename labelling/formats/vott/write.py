from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any

from labelling.formats.coco.write import BLOCK, dump
from labelling.formats.frozen import Frozen
from labelling.formats.pictures import pictures
from labelling.task_types.drawing import Rectangle
from labelling.task_types.label_names import PALETTE, names_in, names_of

VERSION = "2.2.0"
TAGGED, IMAGE = 2, 1  # VoTT's state of an asset that somebody has looked at, and its type


def write(frozen: Frozen) -> Iterator[bytes]:
    """The tags come last: which labels there were, the pictures tell."""
    names = names_of({"labels": frozen.labels})
    yield dump({"name": frozen.title, "version": VERSION, "videoSettings": {"frameExtractionRate": 15}})[:-1].encode()
    block, before = [], ',"assets":{'
    for number, name, row in pictures(frozen):
        names |= names_in(row["decision"])
        block.append(f'"{number}":{dump(_asset(frozen, number, name, row, names))}')
        if len(block) == BLOCK:
            yield (before + ",".join(block)).encode()
            block, before = [], ","
    yield ((before if block or before != "," else "") + ",".join(block)).encode()
    tags = [{"name": name, "color": PALETTE[n % len(PALETTE)]} for n, name in enumerate(names.values())]
    yield f'}},"tags":{dump(tags)}}}\n'.encode()


def _asset(frozen: Frozen, number: int, name: str, row: dict, names: dict[str, str]) -> dict[str, Any]:
    path = PurePosixPath(name.replace("\\", "/"))
    size = {"width": row["media"]["width_px"], "height": row["media"]["height_px"]}
    asset = {"id": str(number), "format": path.suffix[1:], "name": name, "path": name, "size": size, "state": TAGGED}
    shapes = enumerate(frozen.shapes(row), 1)
    regions = [_region(f"{number}-{place}", shape, names[shape.label]) for place, shape in shapes]
    return {"asset": asset | {"type": IMAGE}, "regions": regions, "version": VERSION}


def _region(called: str, shape: Any, tag: str) -> dict[str, Any]:
    xs, ys = zip(*((float(x), float(y)) for x, y in shape.ring), strict=True)
    left, top = min(xs), min(ys)
    return {
        "id": called,
        "type": "RECTANGLE" if isinstance(shape, Rectangle) else "POLYGON",
        "tags": [tag],
        "boundingBox": {"height": max(ys) - top, "width": max(xs) - left, "left": left, "top": top},
        "points": [{"x": x, "y": y} for x, y in zip(xs, ys, strict=True)],
    }
