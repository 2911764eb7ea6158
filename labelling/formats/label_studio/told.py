"""What the results of one annotation state: the regions of a picture, a sound, a clip or a text, and what is said of the whole item."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from labelling.formats.label_studio.outlines import marks_of
from labelling.formats.label_studio.results import PAIR
from labelling.formats.label_studio.timed import stretches_of, trails_of
from labelling.formats.stated import Statements
from labelling.task_types.drawing import Drawing, Order, Span
from labelling.task_types.tree import BETWEEN

Result = dict[str, Any]
Region = list[Result]  # the results under one id
ON_PICTURES = ("rectangle", "rectanglelabels", "ellipse", "ellipselabels", "polygon", "polygonlabels", "brush", "brushlabels",
               "keypoint", "keypointlabels")  # fmt: skip
IN_TIME, IN_CLIPS = ("timelinelabels", "labels", "audio"), ("videorectangle",)
_SIDES = {"left": 0, "right": 1}


def statements_of(annotation: Mapping[str, Any], main: Mapping[str, Any]) -> Statements:
    """main: what is labelled, as the row has it (its text, its parts)."""
    results = [one for one in annotation["result"] if isinstance(one, dict) and isinstance(one.get("value"), dict)]
    regions: dict[str, Region] = {}
    for number, one in enumerate(results):
        regions.setdefault(str(one.get("id", f"#{number}")), []).append(one)
    left: list[str] = []
    found = [*_regions(list(regions.values()), main, left), *_whole(list(regions.values()), main, left)]
    if any(one.get("type") == "relation" for one in annotation["result"] if isinstance(one, dict)):
        left.append("Relations between regions were left out.")
    if not results and not left:
        found = _nothing(main)
    return Statements(tuple(found), tuple(left))


def _nothing(main: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """An annotation without results says that nothing is there: of whatever regions may be asked."""
    if "file" in main:
        return [("", marks_of([])), ("", stretches_of([])), ("", trails_of([]))]
    return [("", Drawing(shapes=[]))]


# --- regions ----------------------------------------------------------------------------------------------------------
def _regions(regions: list[Region], main: Mapping[str, Any], left: list[str]) -> Iterator[tuple[str, Any]]:
    drawn = [one for one in regions if _kind(one) in ON_PICTURES]
    clips = [one for one in regions if _kind(one) in IN_CLIPS]
    spans = [one for one in regions if _kind(one) == "labels" and "text" in main and "file" not in main]
    timed = [one for one in regions if _kind(one) in IN_TIME and {"start", "ranges"} & one[0]["value"].keys()]
    if drawn:
        yield "", marks_of(drawn)
    if clips:
        yield "", trails_of(clips)
    if spans:
        yield "", Drawing(shapes=[shape for one in spans for shape in _spans(one[0]["value"], main["text"], left)])
    elif timed:
        yield "", stretches_of(timed)


def _kind(region: Region) -> str:
    """Of the results of a region the one that draws it, which comes first."""
    return str(region[0].get("type"))


def _spans(value: Mapping[str, Any], text: str, left: list[str]) -> Iterator[Span]:
    """Before 2022 places counted UTF-16 units: where the words that are written beside them say so, they are counted anew."""
    start, end, labels = value.get("start"), value.get("end"), value.get("labels")
    whole = all(isinstance(one, int) and not isinstance(one, bool) for one in (start, end))
    if not whole or not isinstance(labels, list) or not labels:
        left.append("A mark of the text was left out: it has no start, end and labels.")
        return
    assert isinstance(start, int) and isinstance(end, int)  # noqa: S101, PT018
    said = value.get("text")
    if isinstance(said, str) and text[max(start, 0) : end] != said:
        units = text.encode("utf-16-le")
        before, within = units[: 2 * max(start, 0)], units[2 * max(start, 0) : 2 * max(end, 0)]
        if within.decode("utf-16-le", "replace") == said:
            start = len(before.decode("utf-16-le", "replace"))
            end = start + len(said)
    yield from (Span(str(label), start, end) for label in labels)


# --- of the whole item ------------------------------------------------------------------------------------------------
def _whole(regions: list[Region], main: Mapping[str, Any], left: list[str]) -> Iterator[tuple[str, Drawing]]:
    for region in regions:
        for one in region:
            kind = str(one.get("type"))
            if kind in (*ON_PICTURES, *IN_TIME, *IN_CLIPS):
                continue
            if len(region) > 1 or {"x", "start", "points"} & one["value"].keys():
                if kind != "textarea":
                    left.append(f"What is said of single regions ({kind[:40]}) was left out.")
                continue
            drawing = _drawing(kind, one, main)
            if drawing is None:
                left.append(f"Results of the kind {kind[:40]} were left out: no answer here is such.")
            else:
                yield str(one.get("from_name", ""))[:80], drawing


def _drawing(kind: str, one: Result, main: Mapping[str, Any]) -> Drawing | None:
    say = _SAYS.get(kind)
    return say(one, one["value"].get(_HELD.get(kind, kind)), main) if say else None


def _choices(one: Result, said: Any, main: Mapping[str, Any]) -> Drawing | None:
    if one.get("from_name") == PAIR and said == ["same"]:
        return Drawing(order=Order(()))
    return Drawing(labels=said) if _are_texts(said) else None


def _taxonomy(one: Result, said: Any, main: Mapping[str, Any]) -> Drawing | None:
    good = isinstance(said, list) and all(_are_texts(path) for path in said)
    return Drawing(labels=[BETWEEN.join(path) for path in said]) if good else None


def _textarea(one: Result, said: Any, main: Mapping[str, Any]) -> Drawing | None:
    lines = [said] if isinstance(said, str) else said
    return Drawing(words="\n".join(lines)) if _are_texts(lines) else None


def _number(one: Result, said: Any, main: Mapping[str, Any]) -> Drawing | None:
    good = isinstance(said, int | float) and not isinstance(said, bool) and math.isfinite(said)
    return Drawing(number=said) if good else None


def _pair(one: Result, said: Any, main: Mapping[str, Any]) -> Drawing | None:
    """The first or the second of the two candidates."""
    parts = [part for part in main.get("parts", ()) if isinstance(part, dict)]
    compared = [part.get("id") for part in parts if part.get("role") in ("candidate", "left", "right")]
    if not isinstance(said, str) or said not in _SIDES or len(compared) != len(_SIDES):
        return None
    best = compared[_SIDES[said]]
    return Drawing(order=Order(((best,),))) if isinstance(best, str) else None


def _ranks(one: Result, said: Any, main: Mapping[str, Any]) -> Drawing | None:
    """A bucket a rank, by their numbers; of one bucket each of its parts is one."""
    if not isinstance(said, dict) or not said or not all(_are_texts(bucket) for bucket in said.values()):
        return None
    buckets = [
        tuple(bucket) for _, bucket in sorted(said.items(), key=lambda named: (len(named[0]), named[0])) if bucket
    ]
    return Drawing(order=Order(tuple((part,) for part in buckets[0]) if len(said) == 1 else tuple(buckets)))


def _are_texts(said: Any) -> bool:
    return isinstance(said, list) and all(isinstance(one, str) for one in said)


_HELD = {"textarea": "text", "pairwise": "selected"}  # under which name the value holds it, where that is not its kind
_SAYS: dict[str, Callable[[Result, Any, Mapping[str, Any]], Drawing | None]] = {
    "choices": _choices,
    "taxonomy": _taxonomy,
    "textarea": _textarea,
    "rating": _number,
    "number": _number,
    "pairwise": _pair,
    "ranker": _ranks,
}
