"""COCO panoptic in: PNGs in a folder beside the pictures, and the JSON that says what each of their segments is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any

from labelling.formats.outlines import Mark, Marks
from labelling.formats.segment_maps import MAGIC, Segment, segments_of, within
from labelling.formats.stretches import text_of
from people.strict_json import read_json

FOLDER = "panoptic"
VOID = 0
Said = Mapping[int, tuple[tuple, bool]]  # by the colour of a segment: its labels, and whether it is a crowd


def stem_of(name: str) -> str:
    """What the PNG is called in its folder."""
    return within(name, lambda folder: folder.startswith(FOLDER))


def is_one(start: str, name: str) -> bool:
    return name.lower().endswith(".png") and start.startswith(MAGIC) and stem_of(name) != ""


def is_list(name: str) -> bool:
    path = PurePosixPath(name.lower())
    return path.suffix == ".json" and path.name.startswith(FOLDER)


def classes(content: bytes) -> dict[str, Said]:
    """What the JSON says of the PNGs, by the JSON's own names of them."""
    try:
        whole = read_json(text_of(content))
    except ValueError:
        return {}
    if not isinstance(whole, dict):
        return {}
    names = {one.get("id"): one.get("name") for one in _objects(whole.get("categories"))}
    images = {str(one.get("id")): one.get("file_name") for one in _objects(whole.get("images"))}
    said: dict[str, Said] = {}
    for one in _objects(whole.get("annotations")):
        name = one.get("file_name") or images.get(str(one.get("image_id")))
        if isinstance(name, str):
            said[str(PurePosixPath(name).with_suffix(""))] = dict(_segments(one, names))
    return said


def _objects(given: Any) -> list[dict[str, Any]]:
    return [one for one in given if isinstance(one, dict)] if isinstance(given, list) else []


def _segments(annotation: dict[str, Any], names: Mapping[Any, Any]):
    for one in _objects(annotation.get("segments_info")):
        colour, category = one.get("id"), one.get("category_id")
        if isinstance(colour, int) and isinstance(category, int | str):
            known = names.get(category)
            labels = (known, category) if isinstance(known, str) and known else (category,)
            yield colour, (labels, bool(one.get("iscrowd")))


def of_name(name: str, said: Mapping[str, Said] | Sequence[str]) -> Said | None:
    return said.get(stem_of(name)) if isinstance(said, Mapping) else None


def read(content: bytes, said: Said | Sequence[str] | None) -> tuple[str, Marks]:
    if not isinstance(said, Mapping):
        raise ValueError("no panoptic JSON says what its segments are.")
    segments = [one for one in segments_of(content) if one.colour != VOID]
    height, width = (segments[0].pixels.height_px, segments[0].pixels.width_px) if segments else (None, None)
    return "", Marks(tuple(_mark(one, said) for one in segments), width, height)


def _mark(segment: Segment, said: Said) -> Mark:
    name = f"of segment {segment.colour}"
    if segment.colour not in said:
        return Mark(name, (), fault="the JSON does not say what it is.")
    labels, crowd = said[segment.colour]
    return segment.mark(name, labels, crowd)
