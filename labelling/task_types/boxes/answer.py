"""boxes: labelled rectangles in whole pixels of the upright original; an empty list says "nothing here"."""

from labelling.task_types.fields import exact_keys, label_of, whole_number
from labelling.task_types.marks import MarkList

MAX_BOXES = 500
_KEYS = {"label", "x", "y", "width", "height"}


def _box(box, question: dict, path: str) -> dict:
    body = exact_keys(box, _KEYS, path)
    width_px, height_px = question["width_px"], question["height_px"]
    x = whole_number(body["x"], f"{path}.x", 0, width_px - 1)
    y = whole_number(body["y"], f"{path}.y", 0, height_px - 1)
    return {
        "label": label_of(body["label"], question, f"{path}.label"),
        "x": x,
        "y": y,
        "width": whole_number(body["width"], f"{path}.width", 1, width_px - x),
        "height": whole_number(body["height"], f"{path}.height", 1, height_px - y),
    }


def place(box: dict) -> list:
    return [box[name] for name in ("y", "x", "height", "width", "label")]


_MARKS = MarkList("boxes", MAX_BOXES, _box, place)
parse, relabel, labels_in = _MARKS.parse, _MARKS.relabel, _MARKS.labels_in
