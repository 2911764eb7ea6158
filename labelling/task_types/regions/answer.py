"""regions: lines of text in a picture, each with its corners and what it says; an empty list says that nothing is written there.

`{"regions": [{"label": "<label id>", "points": [[x, y], ...four], "text": "..."}]}`: whole pixels of the upright original, the corners as
the line is read, from the upper left one of its first letter, clockwise. An empty text says that it cannot be read.
"""

import unicodedata

from labelling.task_types.errors import BadAnswer
from labelling.task_types.fields import exact_keys, label_of, whole_number
from labelling.task_types.marks import MarkList
from labelling.task_types.regions.quads import is_quad

MAX_REGIONS, MAX_CODE_POINTS = 200, 500
_KEYS = {"label", "points", "text"}


def _region(region, question: dict, path: str) -> dict:
    body = exact_keys(region, _KEYS, path)
    return {
        "label": label_of(body["label"], question, f"{path}.label"),
        "points": _quad(body["points"], question, f"{path}.points"),
        "text": _line(body["text"], f"{path}.text"),
    }


def _quad(points, question: dict, path: str) -> list[list[int]]:
    if not isinstance(points, list) or len(points) != 4:
        raise BadAnswer(path, f"{path} must be a list of the four corners.")
    quad = [_point(point, question, f"{path}[{i}]") for i, point in enumerate(points)]
    if not is_quad(quad):
        raise BadAnswer(path, f"{path} must run clockwise around an area, from the upper left corner, without a dent.")
    return quad


def _point(point, question: dict, path: str) -> list[int]:
    if not isinstance(point, list) or len(point) != 2:
        raise BadAnswer(path, f"{path} must be a list of two whole numbers, x and y.")
    x = whole_number(point[0], f"{path}[0]", 0, question["width_px"])
    return [x, whole_number(point[1], f"{path}[1]", 0, question["height_px"])]


def _line(text, path: str) -> str:
    if not isinstance(text, str):
        raise BadAnswer(path, f"{path} must be text, or empty where it cannot be read.")
    line = unicodedata.normalize("NFC", text).strip()
    if len(line) > MAX_CODE_POINTS:
        raise BadAnswer(path, f"{path} may hold at most {MAX_CODE_POINTS} characters.")
    if any(unicodedata.category(sign) in ("Cs", "Cc") for sign in line):
        raise BadAnswer(path, f"{path} must be one line, without control characters.")
    return line


def place(region: dict) -> tuple:
    """By the middle of a line: from the top, then from the left."""
    points = region["points"]
    return sum(y for _x, y in points), sum(x for x, _y in points), points, region["label"], region["text"]


# Texts in NFC without outer spaces; the lines from the top, those at one height from the left.
_MARKS = MarkList("regions", MAX_REGIONS, _region, place)
parse, relabel, labels_in = _MARKS.parse, _MARKS.relabel, _MARKS.labels_in
