from __future__ import annotations

from collections.abc import Iterator, Sequence
from xml.etree.ElementTree import Element

from labelling.formats.trails import Box, Seen, Trail, Trails, between
from labelling.formats.xml import number_of, opens_with, pixels_of, read_xml

_EDGES = ("xtl", "ytl", "xbr", "ybr")


def is_one(start: str, name: str) -> bool:
    return name.lower().endswith(".xml") and opens_with(start, "annotations") and "<mode>interpolation" in start


def read(content: bytes, classes: Sequence[str]) -> tuple[str, Trails]:
    """The clip that it names, and its objects; ValueError for what is none."""
    root = read_xml(content)
    if root.tag != "annotations":
        raise ValueError("it has no <annotations>.")
    last = number_of(root.findtext("meta/task/stop_frame"))
    found = [one for track in root.findall("track") for one in _trails(track, None if last is None else int(last))]
    wide, high = (pixels_of(root.findtext(f"meta/task/original_size/{side}")) for side in ("width", "height"))
    return (root.findtext("meta/source") or "").strip(), Trails(tuple(found), wide, high)


def _trails(track: Element, last: int | None) -> list[Trail]:
    name, label = track.get("id", "")[:40], track.get("label", "")
    if not label:
        return [Trail(name, (), fault="it names no label.")]
    if any(one.tag != "box" for one in track):
        return [Trail(name, (label,), fault="it is not made of boxes.")]
    try:
        keys = sorted((_key(box) for box in track if box.get("keyframe", "1") == "1"), key=lambda key: key[0])
    except ValueError as bad:
        return [Trail(name, (label,), fault=str(bad))]
    return [Trail(name, (label,), tuple(part)) for part in _while_there(keys, last)]


def _key(box: Element) -> tuple[int, Box, bool]:
    frame, left, top, right, bottom = (number_of(box.get(one)) for one in ("frame", *_EDGES))
    if frame is None or left is None or top is None or right is None or bottom is None or frame < 0:
        raise ValueError("one of its boxes has no frame or no four edges.")
    return int(frame), (left, top, right - left, bottom - top), box.get("outside") == "1"


def _while_there(keys: list[tuple[int, Box, bool]], last: int | None) -> Iterator[list[Seen]]:
    """From each box that is there to the frame before the one that says the object is gone, or to the clip's end."""
    part: list[Seen] = []
    for frame, box, is_gone in keys:
        if not is_gone:
            part.append((frame, box))
        elif part:
            before = frame - 1
            if before > part[-1][0]:
                part.append((before, between(part[-1], (frame, box), before)))
            yield part
            part = []
    if part:
        yield [*part, (last, part[-1][1])] if last is not None and last > part[-1][0] else part
