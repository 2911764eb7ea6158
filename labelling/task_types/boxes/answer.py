"""boxes: labelled rectangles in whole pixels of the upright original; an empty list says "nothing here"."""

from collections.abc import Mapping

from labelling.task_types.errors import BadAnswer
from labelling.task_types.fields import exact_keys, label_of, whole_number
from labelling.task_types.marks import labels_of, relabelled

MAX_BOXES = 500
_KEYS = {"label", "x", "y", "width", "height"}


def parse(value, question: dict) -> dict:
    """Canonical order: by y, x, then the rest, so that the same boxes drawn in another order are the same answer."""
    boxes = exact_keys(value, {"boxes"}, "value")["boxes"]
    if not isinstance(boxes, list) or len(boxes) > MAX_BOXES:
        raise BadAnswer("value.boxes", f"value.boxes must be a list of at most {MAX_BOXES} boxes.")
    parsed = [_box(box, question, f"value.boxes[{i}]") for i, box in enumerate(boxes)]
    return {"boxes": sorted(parsed, key=place)}


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


def relabel(value: dict, into: Mapping[str, str]) -> dict:
    """The same answer, each label called what it is one with now; in canonical order."""
    return {"boxes": relabelled(value["boxes"], into, place)}


def labels_in(value: dict) -> set[str]:
    return labels_of(value["boxes"])


def place(box: dict) -> list:
    return [box[name] for name in ("y", "x", "height", "width", "label")]
