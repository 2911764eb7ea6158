"""Drawings as Label Studio's results: {"id", "from_name", "to_name", "type", "value"}, those of one region under one id."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from labelling.formats.clips import Clip
from labelling.formats.label_studio.brush import packed
from labelling.formats.outlines import full_size
from labelling.task_types.drawing import (
    Drawing,
    Mask,
    Order,
    Polygon,
    Range,
    Rectangle,
    Shape,
    Skeleton,
    Span,
    Track,
    Written,
)
from labelling.task_types.tree import BETWEEN

HIDDEN = "hidden"  # noted of a point that is there and cannot be seen
PAIR = "pairwise"  # what the question is called which of two is better
USUAL_RATE = 25.0  # as formats.clips: frames a second of a clip whose frames were not counted
Result = dict[str, Any]


@dataclass(frozen=True)
class About:
    """An item as its results speak of it. names: of labels, by id; compared: ids of the parts that an order is about."""

    to_name: str
    names: Mapping[str, str]
    text: str = ""
    width_px: int = 0
    height_px: int = 0
    duration_ms: int = 0
    frames: int | None = None
    compared: Sequence[str] = ()
    is_tree: bool = False
    is_rating: bool = True

    @property
    def clip(self) -> Clip:
        frames = self.frames or max(1, round(self.duration_ms * USUAL_RATE / 1000))
        return Clip("", "", self.width_px, self.height_px, self.duration_ms or 1, frames, [])


def results_of(drawing: Drawing, about: About, name: str = "") -> list[Result]:
    """name: of the question that it answers, where there are several."""
    if drawing.rows is not None:
        return [one for row in drawing.rows if row.name for one in results_of(row.drawing, about, row.name)]
    if drawing.shapes is not None:
        numbered = enumerate(drawing.shapes, 1)
        return [one for n, shape in numbered for one in _of_shape(shape, f"{name}r{n}", name or "label", about)]
    kind, value = _of_whole(drawing, about)
    asked = name or (PAIR if drawing.order is not None else kind)
    return [_result(f"{name}w1", asked, kind, value, about)] if kind else []


def _result(key: str, name: str, kind: str, value: Mapping[str, Any], about: About, **more: Any) -> Result:
    named = {"id": key, "from_name": name, "to_name": about.to_name, "type": kind, "origin": "manual"}
    return {**named, **more, "value": dict(value)}


# --- of the whole item ------------------------------------------------------------------------------------------------
def _of_whole(drawing: Drawing, about: About) -> tuple[str, dict[str, Any]]:
    labels = [drawing.label] if drawing.label is not None else drawing.labels
    if labels is not None:
        said = [about.names.get(one, one) for one in labels]
        return ("taxonomy", {"taxonomy": [one.split(BETWEEN) for one in said]}) if about.is_tree else _choices(said)
    if drawing.order is not None:
        return _order(drawing.order, drawing.words or "", about.compared)
    if drawing.number is not None:
        return ("rating", {"rating": drawing.number}) if about.is_rating else ("number", {"number": drawing.number})
    return ("textarea", {"text": [drawing.words]}) if drawing.words is not None else ("", {})


def _choices(said: Sequence[str]) -> tuple[str, dict[str, Any]]:
    return "choices", {"choices": list(said)}


def _order(order: Order, words: str, compared: Sequence[str]) -> tuple[str, dict[str, Any]]:
    """Of two that are compared the better side; that neither is, is a choice. Of more a bucket a rank."""
    best = order.ranks[0] if len(order.ranks) == 1 else ()
    if len(compared) == 2 and len(best) == 1:
        return "pairwise", {"selected": "left" if best[0] == compared[0] else "right"}
    if not order.ranks:
        return _choices([words])
    return "ranker", {"ranker": {str(n): list(rank) for n, rank in enumerate(order.ranks, 1)}}


# --- regions ----------------------------------------------------------------------------------------------------------
def _of_shape(shape: Shape, key: str, name: str, about: About) -> Iterator[Result]:
    label = [about.names.get(shape.label, shape.label)]
    for kind, say in _SAYS.items():
        if isinstance(shape, kind):
            yield from say(shape, key, name, label, about)
            return


def _on_picture(about: About) -> dict[str, Any]:
    return {"original_width": about.width_px, "original_height": about.height_px, "image_rotation": 0}


def _place(x: float, y: float, about: About) -> dict[str, float]:
    return {"x": 100 * x / max(about.width_px, 1), "y": 100 * y / max(about.height_px, 1)}


def _box(x: float, y: float, width: float, height: float, about: About) -> dict[str, float]:
    sides = _place(width, height, about)
    return {**_place(x, y, about), "width": sides["x"], "height": sides["y"], "rotation": 0}


def _rectangle(shape: Rectangle, key: str, name: str, label: list[str], about: About) -> Iterator[Result]:
    value = _box(shape.x, shape.y, shape.width, shape.height, about) | {"rectanglelabels": label}
    yield _result(key, name, "rectanglelabels", value, about, **_on_picture(about))


def _polygon(shape: Polygon, key: str, name: str, label: list[str], about: About) -> Iterator[Result]:
    ring = {"points": [list(_place(x, y, about).values()) for x, y in shape.ring], "closed": True}
    yield _result(key, name, "polygonlabels", ring | {"polygonlabels": label}, about, **_on_picture(about))
    if isinstance(shape, Written):
        yield _result(key, f"{name}_text", "textarea", ring | {"text": [shape.text]}, about, **_on_picture(about))


def _mask(shape: Mask, key: str, name: str, label: list[str], about: About) -> Iterator[Result]:
    value = {"format": "rle", "rle": packed(full_size(shape)), "brushlabels": label}
    yield _result(key, name, "brushlabels", value, about, **_on_picture(about))


def _skeleton(shape: Skeleton, key: str, name: str, label: list[str], about: About) -> Iterator[Result]:
    value = _box(*shape.box, about) | {"rectanglelabels": label}
    yield _result(key, name, "rectanglelabels", value, about, **_on_picture(about))
    for point, (x, y, v) in zip(shape.names, shape.points, strict=True):
        if v:
            noted = {"meta": {"text": [HIDDEN]}} if v == 1 else {}
            said = {**_place(x, y, about), "width": 0.5, "keypointlabels": [point]}
            more = {"parentID": key, **_on_picture(about), **noted}
            yield _result(f"{key}-{point}", f"{name}_point", "keypointlabels", said, about, **more)


def _range(shape: Range, key: str, name: str, label: list[str], about: About) -> Iterator[Result]:
    if about.to_name != "video":
        value = {"start": shape.start_ms / 1000, "end": shape.end_ms / 1000, "channel": 0, "labels": label}
        yield _result(key, name, "labels", value, about, original_length=about.duration_ms / 1000)
        return
    first = about.clip.frame_of(shape.start_ms) + 1
    last = max(about.clip.frame_of(shape.end_ms), first)
    yield _result(
        key,
        name,
        "timelinelabels",
        _timed(about) | {"ranges": [{"start": first, "end": last}], "timelinelabels": label},
        about,
    )


def _timed(about: About) -> dict[str, Any]:
    return {"framesCount": about.clip.frames, "duration": about.duration_ms / 1000}


def _track(shape: Track, key: str, name: str, label: list[str], about: About) -> Iterator[Result]:
    """Of key frames that lie in one frame the last. After the last one it is no longer there."""
    keys = {about.clip.frame_of(key[0]): key for key in shape.keys}
    sequence = [
        {"frame": frame + 1, "time": t_ms / 1000, **_box(x, y, width, height, about), "enabled": frame != max(keys)}
        for frame, (t_ms, x, y, width, height) in keys.items()
    ]
    yield _result(key, name, "videorectangle", _timed(about) | {"sequence": sequence, "labels": label}, about)


def _span(shape: Span, key: str, name: str, label: list[str], about: About) -> Iterator[Result]:
    said = about.text[shape.start : shape.end]
    yield _result(key, name, "labels", {"start": shape.start, "end": shape.end, "text": said, "labels": label}, about)


_SAYS: dict[type, Callable[..., Iterator[Result]]] = {
    Rectangle: _rectangle,
    Polygon: _polygon,
    Mask: _mask,
    Skeleton: _skeleton,
    Range: _range,
    Track: _track,
    Span: _span,
}
