from __future__ import annotations

import io
from collections.abc import Iterator

import numpy as np

from labelling.formats.frozen import Frozen
from labelling.formats.outlines import full_size
from labelling.formats.pictures import pictures
from labelling.formats.zips import Stems, zipped
from labelling.task_types.label_names import names_in, names_of

FOLDER, LIST, SETS = "SegmentationClass", "labelmap.txt", "ImageSets/Segmentation/default.txt"
BACKGROUND = "background"


def write(frozen: Frozen) -> Iterator[bytes]:
    return zipped(_files(frozen))


def _files(frozen: Frozen) -> Iterator[tuple[str, bytes | Iterator[bytes]]]:
    """The PNGs, then what their colours are and which there are."""
    names, stems = names_of({"labels": frozen.labels}), Stems()
    for number, name, row in pictures(frozen):
        names |= names_in(row["decision"])
        yield (
            f"{FOLDER}/{stems.of(name, number)}.png",
            _png(frozen, row, {label: n for n, label in enumerate(names, 1)}),
        )
    colours = enumerate([BACKGROUND, *names.values()])
    yield LIST, "".join(f"{_plain(name)}:{','.join(map(str, colour_of(n)))}::\n" for n, name in colours).encode()
    again = Stems()
    yield SETS, (f"{again.of(name, number)}\n".encode() for number, name, _ in pictures(frozen))


def colour_of(number: int) -> tuple[int, int, int]:
    """In which VOC shows a class: its bits, the lowest in the highest places of red, green and blue (VOCdevkit, VOClabelcolormap.m)."""
    red, green, blue = (
        sum((number >> 3 * step + channel & 1) << 7 - step for step in range(8)) for channel in range(3)
    )
    return red, green, blue


def _plain(name: str) -> str:
    """The format parts its cells by colons."""
    return " ".join(name.replace(":", " ").split())


def _png(frozen: Frozen, row: dict, numbers: dict[str, int]) -> bytes:
    from PIL import Image  # only who writes the pictures loads it: pages are served without it

    classes = np.zeros((row["media"]["height_px"], row["media"]["width_px"]), dtype=np.uint8)
    for shape in frozen.shapes(row):
        classes[full_size(shape)] = numbers[shape.label]
    image = Image.fromarray(classes, "P")
    image.putpalette([value for number in range(256) for value in colour_of(number)])
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()
