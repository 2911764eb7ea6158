"""COCO captions in: of each picture the first caption that somebody wrote of it, and how many more there are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from labelling.formats.json_lists import Element, elements
from labelling.formats.on_disk import heaps
from labelling.formats.own import DECISION
from labelling.formats.rows import Refused, Row
from labelling.formats.stated import Statements
from labelling.formats.stretches import stem_of, text_of
from labelling.task_types.drawing import Drawing
from people.strict_json import read_json


def is_table(start: str) -> bool:
    return start.lstrip().startswith("{") and '"caption"' in start


def is_one(start: str, name: str) -> bool:
    path = name.lower()
    named = "caption" in path.rpartition("/")[2] and start.lstrip().startswith("{") and '"images"' in start
    return path.endswith(".json") and (named or is_table(start))


def rows(path: Path) -> Iterator[Row | Refused]:
    """Of a file by itself: its pictures came before."""
    with heaps() as held:
        held.keep(_by_picture(elements(path, "images", "COCO")))
        for number, image in enumerate(held.each("images"), 1):
            name = image.get("file_name") if isinstance(image, dict) else None
            if not isinstance(name, str) or not name:
                yield Refused(number, "images", "file", "The COCO file names no file_name for this picture.")
                continue
            captions = [one["caption"] for one in held.of("annotations", str(image.get("id")))]
            yield Row(number, name, {"file": name} | ({DECISION: _stated(captions)} if captions else {}))


def _by_picture(found: Iterator[Element]) -> Iterator[tuple[str, str | None, str]]:
    for name, value, raw, listed in found:
        if name == "images" and listed:
            yield name, str(value.get("id")) if isinstance(value, dict) else None, raw
        elif name == "annotations" and listed and _caption(value):
            yield name, str(value.get("image_id")), raw


def _caption(one: Any) -> str:
    words = one.get("caption") if isinstance(one, dict) else None
    return words if isinstance(words, str) and words.strip() else ""


def of_many(content: bytes) -> Mapping[str, Statements]:
    """What is said of each picture, by its name without an ending; ValueError for what is none."""
    try:
        whole = read_json(text_of(content))
    except ValueError:
        raise ValueError("it is no JSON.") from None
    images = whole.get("images") if isinstance(whole, dict) else None
    if not isinstance(images, list):
        raise ValueError("it has no list named images.")
    said = _said(whole)
    named = ((one.get("file_name"), str(one.get("id"))) for one in images if isinstance(one, dict))
    return {stem_of(name): said[key] for name, key in named if isinstance(name, str) and name and key in said}


def read(content: bytes, classes: Sequence[str]) -> tuple[str, Statements]:
    """Of one that speaks of a single picture."""
    found = of_many(content)
    if len(found) != 1:
        raise ValueError("it speaks of several pictures, none of which is here.")
    return next(iter(found.items()))


def _said(whole: Mapping[str, Any]) -> dict[str, Statements]:
    """By the id of the picture."""
    given = whole.get("annotations")
    found: dict[str, list[str]] = {}
    for one in given if isinstance(given, list) else ():
        if words := _caption(one):
            found.setdefault(str(one.get("image_id")), []).append(words)
    return {image: _stated(captions) for image, captions in found.items()}


def _stated(captions: Sequence[str]) -> Statements:
    more = (f"The file has {len(captions)} captions of it: the first was taken.",) if len(captions) > 1 else ()
    return Statements((("caption", Drawing(words=captions[0])),), more, free=True)
