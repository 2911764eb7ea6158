"""XML that strangers sent, as a tree: without a document type, whose entities make a small file large, and never nested deep."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError, TreeBuilder, XMLParser

_COMMENT = re.compile(r"<!--.*?-->", re.S)
_FIRST = re.compile(r"<([A-Za-z_][\w.-]*)")
DEPTH = 40  # annotations go down to six or seven


class _Bounded(TreeBuilder):
    def __init__(self) -> None:
        super().__init__()
        self._depth = 0

    def start(self, tag, attrs, /):
        self._depth += 1
        if self._depth > DEPTH:
            raise ValueError("its elements are nested too deep.")
        return super().start(tag, attrs)

    def end(self, tag, /):
        self._depth -= 1
        return super().end(tag)

    def doctype(self, name, pubid, system, /):
        raise ValueError("it declares a document type: take <!DOCTYPE out.")


def read_xml(content: bytes) -> Element:
    """ValueError, a sentence, for what is none."""
    parser = XMLParser(target=_Bounded())  # noqa: S314  refuses a document type before any entity of it is read
    try:
        parser.feed(content)
        return parser.close()
    except ParseError:
        raise ValueError("it is no well-formed XML.") from None


def opens_with(start: str, root: str) -> bool:
    """Whether the first element is this one, by the first characters of a file."""
    first = _FIRST.search(_COMMENT.sub("", start))
    return first is not None and first[1] == root


def number_of(text: str | None) -> float | None:
    """A finite number, or None."""
    try:
        figure = float(text or "")
    except ValueError:
        return None
    return figure if math.isfinite(figure) else None


def pixels_of(text: str | None) -> int | None:
    figure = number_of(text)
    return int(figure) if figure is not None and 0 < figure < 1_000_000 else None


def points_of(text: str) -> Iterator[tuple[float, float]]:
    """Of `x,y;x,y`; ValueError for anything else."""
    for pair in text.split(";"):
        x, y = map(number_of, pair.split(","))
        if x is None or y is None:
            raise ValueError("its points are no pairs of numbers.")
        yield x, y
