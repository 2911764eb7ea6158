"""boxes: the box around whatever a file states."""

from labelling.task_types.errors import BadAnswer


def of_outline(label: str, outline, question: dict) -> tuple[dict, bool]:
    x, y, width, height = outline.around()
    width_px, height_px = question["width_px"], question["height_px"]
    if width <= 0 or height <= 0:
        raise BadAnswer("gold", "it has no size.")
    if x >= width_px or y >= height_px or x + width <= 0 or y + height <= 0:
        raise BadAnswer("gold", "it lies outside the picture.")
    left, right = _edges(x, width, width_px)
    top, bottom = _edges(y, height, height_px)
    cut = min(x, y) < -1 or x + width > width_px + 1 or y + height > height_px + 1
    return {"label": label, "x": left, "y": top, "width": right - left, "height": bottom - top}, cut


def _edges(start: float, length: float, most: int) -> tuple[int, int]:
    """Rounded, inside, and at least one pixel apart: what is thinner than a pixel is still where it is."""
    first = min(max(0, round(start)), most - 1)
    return first, max(first + 1, min(most, round(start + length)))
