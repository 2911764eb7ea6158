from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import PurePosixPath

from labelling.formats.outlines import Mark, Marks
from labelling.formats.png_masks.write import BACKGROUND, FOLDER, LIST
from labelling.formats.segment_maps import MAGIC, Segment, segments_of, within
from labelling.formats.stretches import text_of

_FOLDERS = (FOLDER.lower(), "masks")
_LINE = re.compile(r"([^:#]+):(\d{1,3}),(\d{1,3}),(\d{1,3}):")
Colours = dict[tuple[int, int, int], str]
_NOTHING, _UNSURE = 0, 255


def stem_of(name: str) -> str:
    """What the PNG is called in its folder."""
    return within(name, _FOLDERS.__contains__)


def is_one(start: str, name: str) -> bool:
    return name.lower().endswith(".png") and start.startswith(MAGIC) and stem_of(name) != ""


def is_list(name: str) -> bool:
    """The label map, and the lists of which pictures there are, which say no more."""
    path = PurePosixPath(name.lower())
    return path.name == LIST or (path.suffix == ".txt" and "imagesets" in path.parts)


def classes(content: bytes) -> Colours:
    """By the colours of the label map, what they are called."""
    try:
        found = map(_LINE.match, text_of(content).splitlines())
    except ValueError:
        return {}
    return {(int(one[2]), int(one[3]), int(one[4])): one[1].strip() for one in found if one}


def read(content: bytes, colours: Colours | Sequence[str]) -> tuple[str, Marks]:
    """Classes by their colours, where a label map tells these; else a class is called by its number, and 255 is the edge that VOC leaves
    open."""
    segments, told = list(segments_of(content)), colours if isinstance(colours, dict) else {}
    marks = [mark for one in segments if (mark := _mark(one, told))]
    height, width = segments[0].pixels.height_px, segments[0].pixels.width_px
    return "", Marks(tuple(marks), width, height)


def _mark(segment: Segment, colours: Colours) -> Mark | None:
    """None for the background."""
    if not colours:
        nothing = segment.colour in (_NOTHING, _UNSURE)
        return None if nothing else segment.mark(f"of class {segment.colour}", (str(segment.colour),))
    name = colours.get(segment.rgb)
    if name == BACKGROUND or (name is None and segment.rgb == (0, 0, 0)):
        return None
    said = ",".join(map(str, segment.rgb))
    return segment.mark(f"of the colour {said}", (name or said,))
