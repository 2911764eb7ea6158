from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from labelling.formats.frozen import Frozen
from labelling.formats.pictures import pictures
from labelling.task_types.drawing import Rectangle, Skeleton
from labelling.task_types.label_names import name_of, names_in


def write(frozen: Frozen) -> Iterator[bytes]:
    labels = "".join(f"<label><name>{escape(name_of(one))}</name></label>" for one in frozen.labels)
    yield (
        '<?xml version="1.0" encoding="utf-8"?>\n<annotations>\n  <version>1.1</version>\n'
        f"  <meta><task><name>{escape(frozen.title)}</name><mode>annotation</mode><labels>{labels}</labels></task></meta>\n"
    ).encode()
    for number, name, row in pictures(frozen):
        yield "".join(_image(frozen, number, name, row)).encode()
    yield b"</annotations>\n"


def _image(frozen: Frozen, number: int, name: str, row: dict) -> Iterator[str]:
    names, media = names_in(row["decision"]), row["media"]
    yield f'  <image id="{number}" name={quoteattr(name)} width="{media["width_px"]}" height="{media["height_px"]}">\n'
    for one in frozen.shapes(row):
        yield f"    {_shape(one, quoteattr(names[one.label]))}\n"
    yield "  </image>\n"


def _shape(one: Any, label: str) -> str:
    said = f'label={label} source="manual" occluded="0"'
    if isinstance(one, Rectangle):
        right, bottom = one.x + one.width, one.y + one.height
        return (
            f'<box {said} xtl="{one.x:.2f}" ytl="{one.y:.2f}" xbr="{right:.2f}" ybr="{bottom:.2f}" z_order="0"></box>'
        )
    if isinstance(one, Skeleton):
        points = "".join(map(_point, one.names, one.points))
        return f'<skeleton label={label} source="manual" z_order="0">{points}</skeleton>'
    ring = ";".join(f"{x:.2f},{y:.2f}" for x, y in one.ring)
    return f'<polygon {said} points="{ring}" z_order="0"></polygon>'


def _point(name: str, at: tuple[float, float, int]) -> str:
    x, y, v = at
    states = f'outside="{int(v == 0)}" occluded="{int(v == 1)}"'
    return f'<points label={quoteattr(name)} source="manual" {states} points="{x:.2f},{y:.2f}"></points>'
