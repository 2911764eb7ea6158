from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePosixPath
from xml.etree.ElementTree import Element

from labelling.formats.outlines import Mark, Marks, Outline
from labelling.formats.xml import number_of, opens_with, pixels_of, read_xml

_SIDES = ("xmin", "ymin", "xmax", "ymax")


def is_one(start: str, name: str) -> bool:
    return name.lower().endswith(".xml") and opens_with(start, "annotation")


def is_list(name: str) -> bool:
    """What names labels and pictures that the XML files name, too."""
    path = PurePosixPath(name.lower())
    return path.name == "labelmap.txt" or (path.suffix == ".txt" and "imagesets" in path.parts)


def read(content: bytes, classes: Sequence[str]) -> tuple[str, Marks]:
    """The picture that it names, and its marks; ValueError for what is none."""
    root = read_xml(content)
    if root.tag != "annotation":
        raise ValueError("it has no <annotation>.")
    marks = tuple(_mark(f"of object {number}", one) for number, one in enumerate(root.findall("object"), 1))
    wide, high = (pixels_of(root.findtext(f"size/{side}")) for side in ("width", "height"))
    return (root.findtext("filename") or "").strip(), Marks(marks, wide, high)


def _mark(name: str, given: Element) -> Mark:
    label = (given.findtext("name") or "").strip()
    if not label:
        return Mark(name, (), fault="it has no name.")
    left, top, right, bottom = (number_of(given.findtext(f"bndbox/{side}")) for side in _SIDES)
    if left is None or top is None or right is None or bottom is None:
        return Mark(name, (label,), fault="it has no bndbox of four numbers.")
    return Mark(name, (label,), Outline(box=(left, top, right - left, bottom - top)))
