from __future__ import annotations

import math
import re
from collections.abc import Sequence
from pathlib import PurePosixPath

from labelling.formats.outlines import Mark, Marks, Outline

_LINE = re.compile(r"\d+(\s+-?\d+(\.\d*)?([eE][+-]?\d+)?){4,}\s*\Z")
_LISTS = ("classes.txt", "obj.names", "data.yaml", "data.yml", "dataset.yaml")
_SHAPE = re.compile(r"(?m)^kpt_shape:[\s\[-]*(\d{1,3})[\s,-]+([23])\b")
_IN_YAML = re.compile(r"(?m)^\s*(?:(\d+)\s*:|-)\s*(.+?)\s*$")


def is_one(start: str, name: str) -> bool:
    """Lines of a class and at least four numbers; in a folder named labels also none at all, which says that nothing is there."""
    path = PurePosixPath(name.lower())
    if path.suffix != ".txt":
        return False
    whole = [line for line in start.splitlines()[:20] if line.strip()]
    lines = whole[:-1] if len(whole) > 1 and not start.endswith("\n") else whole  # the last may be cut
    return all(map(_LINE.match, lines)) if lines else not whole and "labels" in path.parts


def is_list(name: str) -> bool:
    return PurePosixPath(name.lower()).name in _LISTS


class Classes(list[str]):
    """The names in order; points: of a figure how many, and how many numbers each has."""

    points: tuple[int, int] | None = None


def classes(content: bytes) -> Classes:
    text = content.decode("utf-8-sig", "replace")
    found = Classes(_names(text))
    if shape := _SHAPE.search(text):
        found.points = int(shape[1]), int(shape[2])
    return found


def _names(text: str) -> list[str]:
    """The names in order: a line each, or those under `names` of a YAML file, as a list or by number."""
    _, is_yaml, below = text.partition("names:")
    if not is_yaml:
        return [line.strip() for line in text.splitlines() if line.strip()]
    inline = re.match(r"\s*\[(.*?)\]", below, re.S)
    if inline:
        return [_unquoted(one) for one in inline[1].split(",") if one.strip()]
    block = re.split(r"(?m)^[^\s#-]", below, maxsplit=1)[0]
    found = [(number, _unquoted(name)) for number, name in _IN_YAML.findall(block)]
    if any(number for number, _ in found):
        by_number = {int(number): name for number, name in found if number and int(number) < 10_000}
        return [by_number.get(n, str(n)) for n in range(max(by_number) + 1)]
    return [name for _, name in found]


def _unquoted(text: str) -> str:
    text = text.strip()
    return text[1:-1] if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'" else text


def read(content: bytes, names: Sequence[str]) -> tuple[str, Marks]:
    """It names no picture; ValueError for what is no text."""
    try:
        lines = content.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError:
        raise ValueError("it is no UTF-8 text.") from None
    marks = tuple(_mark(n, line.split(), names) for n, line in enumerate(lines, 1) if line.strip())
    return "", Marks(marks, None, None, unit=True)


def _mark(number: int, parts: list[str], names: Sequence[str]) -> Mark:
    name = f"in line {number}"
    try:
        place, *figures = int(parts[0]), *map(float, parts[1:])
    except ValueError:
        return Mark(name, (), fault="it is no class and numbers.")
    if place < 0 or not all(map(math.isfinite, figures)):
        return Mark(name, (), fault="it is no class and numbers.")
    labels = (names[place],) if place < len(names) else (str(place),)
    if len(figures) == 4:
        x, y, width, height = figures
        return Mark(name, labels, Outline(box=(x - width / 2, y - height / 2, width, height)))
    if points := _points(figures, names):
        x, y, width, height = figures[:4]
        return Mark(name, labels, Outline(box=(x - width / 2, y - height / 2, width, height), points=points))
    if len(figures) >= 6 and len(figures) % 2 == 0:
        return Mark(name, labels, Outline((tuple(zip(figures[::2], figures[1::2], strict=True)),)))
    return Mark(name, labels, fault="it has neither four numbers nor three or more points.")


def _points(figures: list[float], names: Sequence[str]) -> tuple[tuple[str, float, float, int], ...]:
    """Those of a figure, where data.yaml says how many it has: without a third number each that is not at the corner is seen."""
    shape = names.points if isinstance(names, Classes) else None
    if shape is None or len(figures) != 4 + shape[0] * shape[1]:
        return ()
    count, each = shape
    rows = [figures[4 + each * n : 4 + each * (n + 1)] for n in range(count)]
    return tuple(("", row[0], row[1], int(row[2]) if each == 3 else 2 * any(row)) for row in rows)
