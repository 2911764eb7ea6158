from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import PurePosixPath

from labelling.formats.stretches import text_of
from labelling.formats.trails import Box, Seen, Trail, Trails, thinned, unbroken

# Of the benchmark itself (Milan et al. 2016, MOT16, arXiv 1603.00831, table 3), for files without a gt/labels.txt.
CLASSES = (
    "pedestrian", "person on vehicle", "car", "bicycle", "motorbike", "non motorized vehicle", "static person", "distractor",
    "occluder", "occluder on the ground", "occluder full", "reflection",
)  # fmt: skip


def is_one(start: str, name: str) -> bool:
    return PurePosixPath(name.lower()).parts[-2:] == ("gt", "gt.txt")


def is_list(name: str) -> bool:
    return PurePosixPath(name.lower()).parts[-2:] == ("gt", "labels.txt")


def classes(content: bytes) -> list[str]:
    return [line.strip() for line in content.decode("utf-8-sig", "replace").splitlines() if line.strip()]


def stem_of(name: str) -> str:
    """It speaks of the clip that its folder is named like."""
    return PurePosixPath(name).parent.parent.as_posix()


def read(content: bytes, names: Sequence[str]) -> tuple[str, Trails]:
    """It names no clip; ValueError, a sentence, for what is none."""
    found: dict[tuple[int, int], list[Seen]] = {}
    for number, line in enumerate(text_of(content).splitlines(), 1):
        if line.strip() and (said := _object_of(number, line)):
            which, seen = said
            found.setdefault(which, []).append(seen)
    trails = (one for which, boxes in found.items() for one in _trails(which, sorted(boxes), names or CLASSES))
    return "", Trails(tuple(trails))


def _object_of(number: int, line: str) -> tuple[tuple[int, int], Seen] | None:
    """Its number and class, and where it is; None for what the file says is not to be counted."""
    try:
        frame, which, *box, counts, kind = map(float, line.split(",")[:8])
    except ValueError:
        raise ValueError(f"line {number} is no frame, object, box, 1 and class.") from None
    if len(box) != 4 or not all(map(math.isfinite, (frame, which, kind, *box))) or frame < 1:
        raise ValueError(f"line {number} is no frame, object, box, 1 and class.")
    left, top, width, height = box
    return ((int(which), int(kind)), (int(frame) - 1, (left, top, width, height))) if counts else None


def _trails(which: tuple[int, int], boxes: list[Seen], names: Sequence[str]) -> list[Trail]:
    number, kind = which
    labels = (names[kind - 1],) if 0 < kind <= len(names) else (str(kind),)
    once: dict[int, Box] = dict(boxes)
    return [Trail(str(number), labels, tuple(thinned(part))) for part in unbroken(list(once.items()))]
