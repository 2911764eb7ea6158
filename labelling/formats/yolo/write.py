from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from labelling.formats.frozen import Frozen
from labelling.formats.pictures import pictures
from labelling.formats.zips import Stems, zipped
from labelling.task_types.drawing import Rectangle
from labelling.task_types.label_names import names_in, names_of


def write(frozen: Frozen) -> Iterator[bytes]:
    return zipped(_files(frozen))


def _files(frozen: Frozen) -> Iterator[tuple[str, bytes]]:
    """Classes are numbered in the order of the project's labels, then of those that only old decisions hold."""
    names, stems = names_of({"labels": frozen.labels}), Stems()
    for number, name, row in pictures(frozen):
        names |= names_in(row["decision"])
        place = {label: n for n, label in enumerate(names)}
        lines = (_line(one, place, row["media"]) for one in frozen.shapes(row))
        yield f"labels/{stems.of(name, number)}.txt", "".join(lines).encode()
    yield "data.yaml", _yaml(list(names.values())).encode()


def _line(one: Any, place: dict[str, int], media: dict) -> str:
    width, height = media["width_px"], media["height_px"]
    if isinstance(one, Rectangle):
        middle = (one.x + one.width / 2) / width, (one.y + one.height / 2) / height
        figures = [*middle, one.width / width, one.height / height]
    else:
        figures = [share for x, y in one.ring for share in (x / width, y / height)]
    return " ".join([str(place[one.label]), *(f"{share:.6f}" for share in figures)]) + "\n"


def _yaml(names: list[str]) -> str:
    """JSON strings are YAML strings, whatever is in a name."""
    classes = "".join(f"  {n}: {json.dumps(name, ensure_ascii=False)}\n" for n, name in enumerate(names))
    return f"path: .\ntrain: images\nval: images\nnames:\n{classes}"
