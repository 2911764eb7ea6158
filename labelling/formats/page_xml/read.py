"""PAGE XML in, of any of its years: the lines of each region; of a region without lines, the region."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from labelling.formats.outlines import Mark, Marks, Outline

_TYPE = re.compile(r"structure\s*\{[^}]*type:\s*([^;}]+)")
_FORBIDDEN = (b"<!DOCTYPE", b"<!ENTITY")  # what makes a small file large, or reads others
_NOT_SAID = ("text", "line")  # what a line is where the file does not say more


def is_one(start: str, name: str) -> bool:
    return name.lower().endswith(".xml") and "<PcGts" in start


def read(content: bytes, classes: Sequence[str]) -> tuple[str, Marks]:
    """The picture that it names, and its lines; ValueError for what is none."""
    if any(one in content for one in _FORBIDDEN):
        raise ValueError("it declares a document type: send it without one.")
    try:
        whole = ElementTree.parse(io.BytesIO(content)).getroot()  # noqa: S314 - no document type, so no entities
    except (ElementTree.ParseError, ValueError, LookupError):
        raise ValueError("it is no XML.") from None
    page = next((one for one in whole if _tag(one) == "Page"), None)
    if page is None:
        raise ValueError("it holds no page.")
    marks = tuple(_mark(number, line, region) for number, (line, region) in enumerate(_lines(page), 1))
    named = page.get("imageFilename", "").replace("\\", "/")
    wide, high = (_pixels(page.get(side)) for side in ("imageWidth", "imageHeight"))
    return PurePosixPath(named).name, Marks(marks, wide, high)


def _tag(one: Element) -> str:
    return str(one.tag).rpartition("}")[2]


def _lines(page: Element) -> Iterator[tuple[Element, Element]]:
    for region in page.iter():
        if _tag(region) == "TextRegion":
            lines = [one for one in region if _tag(one) == "TextLine"]
            yield from ((line, region) for line in lines or [region])


def _mark(number: int, line: Element, region: Element) -> Mark:
    own = [_TYPE.search(one.get("custom", "")) for one in (line, region)]
    labels = (*(found[1].strip() for found in own if found), *filter(None, (region.get("type"),)), *_NOT_SAID)
    name, points = line.get("id") or str(number), _points(line)
    if points is None or len(points) < 3:
        return Mark(name, labels, fault="it has no outline.")
    return Mark(name, labels, Outline((tuple(points),), text=_text(line)))


def _points(line: Element) -> list[tuple[float, float]] | None:
    coords = next((one for one in line if _tag(one) == "Coords"), None)
    if coords is None:
        return None
    pairs = [pair.split(",") for pair in coords.get("points", "").split()]
    try:
        return [(float(int(x)), float(int(y))) for x, y in pairs]
    except ValueError:
        return None


def _text(line: Element) -> str:
    """Of several readings the first by their index."""
    said = [one for one in line if _tag(one) == "TextEquiv"]
    for one in sorted(
        said, key=lambda equiv: int(equiv.get("index", "0")) if equiv.get("index", "0").isdecimal() else 0
    ):
        for inner in one:
            if _tag(inner) == "Unicode":
                return inner.text or ""
    return ""


def _pixels(value: str | None) -> int | None:
    return int(value) if value and value.isascii() and value.isdecimal() and 0 < len(value) < 7 else None
