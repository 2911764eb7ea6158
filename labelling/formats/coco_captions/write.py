from __future__ import annotations

from collections.abc import Iterator

from labelling.formats.coco.write import array, dump, image_of, info_of
from labelling.formats.frozen import Frozen
from labelling.formats.pictures import pictures


def write(frozen: Frozen) -> Iterator[bytes]:
    yield dump({"info": info_of(frozen), "licenses": []})[:-1].encode()
    yield from array("annotations", _captions(frozen))  # first: what such a file is, its first characters tell
    yield from array("images", (image_of(number, name, row) for number, name, row in pictures(frozen)))
    yield b"}\n"


def _captions(frozen: Frozen) -> Iterator[dict]:
    for number, (image_id, _, row) in enumerate(pictures(frozen), 1):
        yield {"id": number, "image_id": image_id, "caption": frozen.drawing(row).words or ""}
