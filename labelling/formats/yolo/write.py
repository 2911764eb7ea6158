from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from labelling.formats.frozen import Frozen
from labelling.formats.pictures import pictures
from labelling.formats.zips import Stems, zipped
from labelling.task_types.drawing import Rectangle, Skeleton
from labelling.task_types.label_names import names_in, names_of


def write(frozen: Frozen) -> Iterator[bytes]:
    return zipped(_files(frozen))


def _files(frozen: Frozen) -> Iterator[tuple[str, bytes]]:
    """Classes are numbered in the order of the project's labels, then of those that only old decisions hold."""
    names, stems = names_of({"labels": frozen.labels}), Stems()
    points: Skeleton | None = None
    for number, name, row in pictures(frozen):
        names |= names_in(row["decision"])
        place = {label: n for n, label in enumerate(names)}
        shapes = frozen.shapes(row)
        points = points or next((one for one in shapes if isinstance(one, Skeleton)), None)
        lines = (_line(one, place, row["media"]) for one in shapes)
        yield f"labels/{stems.of(name, number)}.txt", "".join(lines).encode()
    yield "data.yaml", (_yaml(list(names.values())) + _pose(points)).encode()


def _line(one: Any, place: dict[str, int], media: dict) -> str:
    width, height = media["width_px"], media["height_px"]
    if isinstance(one, Rectangle):
        figures = _box((one.x, one.y, one.width, one.height), width, height)
    elif isinstance(one, Skeleton):
        places = (value for x, y, v in one.points for value in (x / width, y / height, v))
        figures = [*_box(one.box, width, height), *places]
    else:
        figures = [share for x, y in one.ring for share in (x / width, y / height)]
    written = (str(one) if isinstance(one, int) else f"{one:.6f}" for one in figures)
    return " ".join([str(place[one.label]), *written]) + "\n"


def _box(box: tuple[float, float, float, float], width: int, height: int) -> list[float]:
    x, y, wide, high = box
    return [(x + wide / 2) / width, (y + high / 2) / height, wide / width, high / height]


def _pose(shape: Skeleton | None) -> str:
    """Of figures: how many points they have, and which are each other's mirror."""
    return f"kpt_shape: [{len(shape.points)}, 3]\nflip_idx: {list(shape.mirrored)}\n" if shape else ""


def _yaml(names: list[str]) -> str:
    """JSON strings are YAML strings, whatever is in a name."""
    classes = "".join(f"  {n}: {json.dumps(name, ensure_ascii=False)}\n" for n, name in enumerate(names))
    return f"path: .\ntrain: images\nval: images\nnames:\n{classes}"
