from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any

from labelling.formats.outlines import Mark, Marks, Outline, Ring
from labelling.formats.stretches import stem_of, text_of
from people.strict_json import read_json

_OF_ALL, _OF_ONE = ('"assets"', '"videoSettings"', '"activeLearningSettings"'), ('"asset"', '"regions"')


def is_one(start: str, name: str) -> bool:
    told = any(key in start for key in _OF_ALL) or all(key in start for key in _OF_ONE)
    return name.lower().endswith(".json") and start.lstrip().startswith("{") and told


def is_list(name: str) -> bool:
    return PurePosixPath(name).name == "dataset_meta.json"


def of_many(content: bytes) -> Mapping[str, Marks]:
    """What is said of each picture, by its name without an ending; ValueError for what is none."""
    return {stem_of(name): marks for name, marks in _pictures(content)}


def read(content: bytes, classes: Sequence[str]) -> tuple[str, Marks]:
    """Of one that speaks of a single picture."""
    found = _pictures(content)
    if len(found) != 1:
        raise ValueError("it speaks of several pictures, none of which is here.")
    return found[0]


def _pictures(content: bytes) -> list[tuple[str, Marks]]:
    text = text_of(content)
    try:
        whole = read_json(text)
    except ValueError:
        raise ValueError("it is no JSON.") from None
    if not isinstance(whole, dict):
        raise ValueError("it is no JSON of VoTT.")
    if "asset" in whole:
        return list(_picture(whole))
    assets = whole.get("assets")
    if not isinstance(assets, dict):
        raise ValueError("it has no assets.")
    return [said for one in assets.values() for said in _picture(one)]


def _picture(one: Any) -> Iterator[tuple[str, Marks]]:
    """Nothing of an asset whose regions are not told: nobody has looked at it."""
    asset, regions = (one.get("asset"), one.get("regions")) if isinstance(one, dict) else (None, None)
    if not isinstance(asset, dict) or not isinstance(regions, list):
        return
    name, size = asset.get("name"), asset.get("size")
    size = size if isinstance(size, dict) else {}
    if isinstance(name, str) and name:
        marks = tuple(mark for number, region in enumerate(regions, 1) for mark in _marks(number, region))
        yield name, Marks(marks, _pixels(size.get("width")), _pixels(size.get("height")))


def _marks(number: int, region: Any) -> Iterator[Mark]:
    """One for each tag."""
    given = region if isinstance(region, dict) else {}
    tags = [one for one in _list(given, "tags") if isinstance(one, str) and one]
    outline = _outline(given)
    if not tags:
        yield Mark(str(number), (), fault="it has no tag.")
    elif outline is None:
        yield Mark(str(number), tuple(tags), fault="it has neither corners nor a boundingBox of numbers.")
    else:
        for tag in tags:
            yield Mark(str(number), (tag,), outline)


def _list(given: Mapping[str, Any], key: str) -> list[Any]:
    found = given.get(key)
    return found if isinstance(found, list) else []


def _outline(given: Mapping[str, Any]) -> Outline | None:
    """Corners alone make a polygon; of a rectangle its box says the same."""
    said = given.get("boundingBox")
    box = _numbers(said, ("left", "top", "width", "height")) if isinstance(said, dict) else None
    corners = [_numbers(one, ("x", "y")) for one in _list(given, "points")]
    ring: Ring = tuple((one[0], one[1]) for one in corners if one)
    whole = len(ring) == len(corners) >= 3
    if given.get("type") == "POLYGON" and whole:
        return Outline((ring,))
    if box:
        return Outline(box=(box[0], box[1], box[2], box[3]))
    return Outline((ring,)) if whole else None


def _numbers(given: Any, names: Sequence[str]) -> tuple[float, ...] | None:
    values: list[Any] = [given.get(name) for name in names] if isinstance(given, dict) else [None]
    good = all(isinstance(one, int | float) and not isinstance(one, bool) and math.isfinite(one) for one in values)
    return tuple(map(float, values)) if good else None


def _pixels(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 1_000_000 else None
