"""polygons: labelled rings of whole pixels of the upright original, not closed; an empty list says "nothing here".

A ring neither crosses nor touches itself, and has an area. Points lie in the picture or on its edge.
"""

from labelling.task_types.errors import BadAnswer
from labelling.task_types.fields import exact_keys, label_of, whole_number
from labelling.task_types.marks import MarkList
from labelling.task_types.polygons.rings import MAX_POINTS, area, canonical, is_simple, without_repetition

MAX_POLYGONS = 200
MAX_POINTS_IN_ALL = 4_000  # what answers cost to compare grows with their square
_KEYS = {"label", "points"}


def parse(value, question: dict) -> dict:
    """Canonical form: each ring clockwise on the screen from its topmost, then leftmost point; the polygons in the order of their rings,
    then labels."""
    parsed = _MARKS.parse(value, question)
    if sum(len(one["points"]) for one in parsed["polygons"]) > MAX_POINTS_IN_ALL:
        raise BadAnswer(
            "value.polygons", f"value.polygons may hold {MAX_POINTS_IN_ALL:,} points in all: leave some out."
        )
    return parsed


def _polygon(polygon, question: dict, path: str) -> dict:
    body = exact_keys(polygon, _KEYS, path)
    label = label_of(body["label"], question, f"{path}.label")
    return {"label": label, "points": _ring(body["points"], question, f"{path}.points")}


def _ring(points, question: dict, path: str) -> list[list[int]]:
    if not isinstance(points, list) or not 3 <= len(points) <= MAX_POINTS + 1:  # one more closes it
        raise BadAnswer(path, f"{path} must be a list of 3 to {MAX_POINTS} points.")
    ring = without_repetition([_point(point, question, f"{path}[{i}]") for i, point in enumerate(points)])
    if not 3 <= len(ring) <= MAX_POINTS:
        raise BadAnswer(path, f"{path} must hold 3 to {MAX_POINTS} different points.")
    if not area(ring):
        raise BadAnswer(path, f"{path} lie on one line: a polygon needs an area.")
    if not is_simple(ring):
        raise BadAnswer(path, f"{path} cross or touch the outline that they draw: send a ring that does not.")
    return canonical(ring)


def _point(point, question: dict, path: str) -> list[int]:
    if not isinstance(point, list) or len(point) != 2:
        raise BadAnswer(path, f"{path} must be a list of two whole numbers, x and y.")
    x = whole_number(point[0], f"{path}[0]", 0, question["width_px"])
    return [x, whole_number(point[1], f"{path}[1]", 0, question["height_px"])]


def place(polygon: dict) -> tuple:
    return [[y, x] for x, y in polygon["points"]], polygon["label"]


_MARKS = MarkList("polygons", MAX_POLYGONS, _polygon, place)
relabel, labels_in = _MARKS.relabel, _MARKS.labels_in
