from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import numpy as np

from labelling.formats.coco.write import array, dump, image_of, info_of
from labelling.formats.frozen import Frozen
from labelling.formats.outlines import full_size
from labelling.formats.pictures import pictures
from labelling.formats.zips import Stems, zipped
from labelling.task_types.label_names import names_in, names_of

FOLDER = "panoptic"


def write(frozen: Frozen) -> Iterator[bytes]:
    return zipped(_files(frozen))


def _files(frozen: Frozen) -> Iterator[tuple[str, bytes | Iterator[bytes]]]:
    """The PNGs, then the JSON about them. A segment's number is that of its category: a label is one segment of a picture."""
    names, stems = names_of({"labels": frozen.labels}), Stems()
    for number, name, row in pictures(frozen):
        names |= names_in(row["decision"])
        colours = _colours(frozen, row, {label: n for n, label in enumerate(names, 1)})
        yield f"{FOLDER}/{stems.of(name, number)}.png", _png(colours)
    yield f"{FOLDER}.json", _json(frozen, names)


def _colours(frozen: Frozen, row: dict, numbers: dict[str, int]) -> np.ndarray:
    """(H, W) number of the segment of each pixel, 0 of none."""
    colours = np.zeros((row["media"]["height_px"], row["media"]["width_px"]), dtype=np.uint32)
    for shape in frozen.shapes(row):
        colours[full_size(shape)] = numbers[shape.label]
    return colours


def _png(colours: np.ndarray) -> bytes:
    channels = np.stack([colours >> shift & 255 for shift in (0, 8, 16)], axis=-1).astype(np.uint8)
    buffer = io.BytesIO()
    from PIL import Image  # only who writes the pictures loads it: pages are served without it

    Image.fromarray(channels).save(buffer, "PNG")
    return buffer.getvalue()


def _json(frozen: Frozen, names: dict[str, str]) -> Iterator[bytes]:
    numbers = {label: number for number, label in enumerate(names, 1)}
    yield dump({"info": info_of(frozen), "licenses": []})[:-1].encode()
    yield from array("images", (image_of(number, name, row) for number, name, row in pictures(frozen)))
    yield from array("annotations", _annotations(frozen, numbers))
    said = [{"id": numbers[label], "name": name, "supercategory": "", "isthing": 0, "color": _colour(numbers[label])}
            for label, name in names.items()]  # fmt: skip
    yield f',"categories":{dump(said)}}}\n'.encode()


def _annotations(frozen: Frozen, numbers: dict[str, int]) -> Iterator[dict[str, Any]]:
    stems = Stems()
    for image_id, name, row in pictures(frozen):
        segments = [_segment(full_size(shape), numbers[shape.label]) for shape in frozen.shapes(row)]
        yield {"image_id": image_id, "file_name": f"{stems.of(name, image_id)}.png", "segments_info": segments}


def _segment(mask: np.ndarray, number: int) -> dict[str, Any]:
    down, across = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    box = [across[0], down[0], across[-1] + 1 - across[0], down[-1] + 1 - down[0]]
    return {
        "id": number,
        "category_id": number,
        "area": int(mask.sum()),
        "bbox": [int(one) for one in box],
        "iscrowd": 0,
    }


def _colour(number: int) -> list[int]:
    """In which its pixels are shown in the PNG."""
    return [number >> shift & 255 for shift in (0, 8, 16)]
