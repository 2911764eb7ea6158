from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any

from labelling.formats.frozen import Frozen
from labelling.formats.pictures import pictures
from labelling.formats.zips import Stems, zipped
from labelling.task_types.drawing import Rectangle, Written
from labelling.task_types.label_names import names_in

VERSION = "5.4.1"  # the release of LabelMe whose keys these are


def write(frozen: Frozen) -> Iterator[bytes]:
    return zipped(_files(frozen))


def _files(frozen: Frozen) -> Iterator[tuple[str, bytes]]:
    stems = Stems()
    for number, name, row in pictures(frozen):
        names = names_in(row["decision"])
        whole = {
            "version": VERSION,
            "flags": {},
            "shapes": [_shape(one, names) for one in frozen.shapes(row)],
            "imagePath": PurePosixPath(name.replace("\\", "/")).name,
            "imageData": None,
            "imageHeight": row["media"]["height_px"],
            "imageWidth": row["media"]["width_px"],
        }
        yield f"{stems.of(name, number)}.json", json.dumps(whole, ensure_ascii=False, indent=2).encode()


def _shape(one: Any, names: dict[str, str]) -> dict:
    is_box = isinstance(one, Rectangle)
    ring = [one.ring[0], one.ring[2]] if is_box else one.ring
    return {
        "label": names[one.label],
        "points": [[float(x), float(y)] for x, y in ring],
        "group_id": None,
        "description": one.text if isinstance(one, Written) else "",
        "shape_type": "rectangle" if is_box else "polygon",
        "flags": {},
        "mask": None,
    }
