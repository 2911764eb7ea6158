"""boxes: the box around whatever a file states."""

from labelling.task_types.errors import BadAnswer
from labelling.task_types.pixels import box_inside


def of_outline(label: str, outline, question: dict) -> tuple[dict, bool]:
    x, y, width, height = outline.around()
    width_px, height_px = question["width_px"], question["height_px"]
    if width <= 0 or height <= 0:
        raise BadAnswer("gold", "it has no size.")
    if x >= width_px or y >= height_px or x + width <= 0 or y + height <= 0:
        raise BadAnswer("gold", "it lies outside the picture.")
    cut = min(x, y) < -1 or x + width > width_px + 1 or y + height > height_px + 1
    left, top, right_by, down_by = box_inside((x, y, width, height), question)
    return {"label": label, "x": left, "y": top, "width": right_by, "height": down_by}, cut
