"""keypoints: figures, each with a label and the points of its skeleton that are there; an empty list says "nothing here".

A point is [x, y, v] by its id: whole pixels of the upright original, v as in COCO: 2 it is seen, 1 it is there but hidden. A point that
is not there is left out.
"""

from collections.abc import Mapping

from labelling.task_types.errors import BadAnswer
from labelling.task_types.fields import exact_keys, label_of, whole_number
from labelling.task_types.keypoints.skeleton import ONE, asked_of
from labelling.task_types.marks import labels_of, relabelled

MAX_FIGURES = 50
_KEYS = {"label", "points"}


def parse(value, question: dict) -> dict:
    """Canonical form: the figures by their points, then labels."""
    figures = exact_keys(value, {"figures"}, "value")["figures"]
    most = 1 if question["config"].get("figures", ONE) == ONE else MAX_FIGURES
    if not isinstance(figures, list) or len(figures) > most:
        raise BadAnswer("value.figures", f"value.figures must be a list of at most {most}.")
    ids = set(asked_of(question["config"]).ids)
    parsed = [_figure(one, ids, question, f"value.figures[{i}]") for i, one in enumerate(figures)]
    return {"figures": sorted(parsed, key=place)}


def _figure(figure, ids: set[str], question: dict, path: str) -> dict:
    body = exact_keys(figure, _KEYS, path)
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


def relabel(value: dict, into: Mapping[str, str]) -> dict:
    """The same answer, each label called what it is one with now; in canonical order."""
    return {"figures": relabelled(value["figures"], into, place)}


def labels_in(value: dict) -> set[str]:
    return labels_of(value["figures"])


def place(figure: dict) -> tuple:
    return sorted(figure["points"].items()), figure["label"]
