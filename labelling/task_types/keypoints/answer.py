"""keypoints: figures, each with a label and the points of its skeleton that are there; an empty list says "nothing here".

A point is [x, y, v] by its id: whole pixels of the upright original, v as in COCO: 2 it is seen, 1 it is there but hidden. A point that
is not there is left out.
"""

from dataclasses import replace

from labelling.task_types.errors import BadAnswer
from labelling.task_types.fields import exact_keys, label_of, whole_number
from labelling.task_types.keypoints.skeleton import ONE, asked_of
from labelling.task_types.marks import MarkList

MAX_FIGURES = 50
_KEYS = {"label", "points"}


def parse(value, question: dict) -> dict:
    """Canonical form: the figures by their points, then labels."""
    asks_one = question["config"].get("figures", ONE) == ONE
    return (_ONE if asks_one else _MARKS).parse(value, question)


def _figure(figure, question: dict, path: str) -> dict:
    body, ids = exact_keys(figure, _KEYS, path), set(asked_of(question["config"]).ids)
    label, points = label_of(body["label"], question, f"{path}.label"), body["points"]
    if not isinstance(points, dict) or not points:
        raise BadAnswer(f"{path}.points", f"{path}.points must be an object with a point or more by id.")
    if strange := sorted(map(str, points.keys() - ids)):
        known = ", ".join(sorted(ids)[:12])
        raise BadAnswer(f"{path}.points.{strange[0]}", f"{path}.points knows no {strange[0]}: send {known}.")
    return {"label": label, "points": {one: _point(at, question, f"{path}.points.{one}") for one, at in points.items()}}


def _point(point, question: dict, path: str) -> list[int]:
    if not isinstance(point, list) or len(point) != 3:
        raise BadAnswer(path, f"{path} must be a list of three whole numbers, x, y and 2 (seen) or 1 (hidden).")
    x = whole_number(point[0], f"{path}[0]", 0, question["width_px"])
    y = whole_number(point[1], f"{path}[1]", 0, question["height_px"])
    return [x, y, whole_number(point[2], f"{path}[2]", 1, 2)]


def place(figure: dict) -> tuple:
    return sorted(figure["points"].items()), figure["label"]


_MARKS = MarkList("figures", MAX_FIGURES, _figure, place)
_ONE = replace(_MARKS, most=1)
relabel, labels_in = _MARKS.relabel, _MARKS.labels_in
