"""polygons: the ring that a file states, or the corners of its box where it states no more."""

import shapely

from labelling.task_types.errors import BadAnswer
from labelling.task_types.polygons.rings import nearest


def of_outline(label: str, outline, question: dict) -> tuple[dict, bool]:
    if len(outline.rings) > 1:
        raise BadAnswer("gold", f"it is made of {len(outline.rings)} parts: send each part as a mark of its own.")
    width_px, height_px = question["width_px"], question["height_px"]
    shape = shapely.Polygon(outline.rings[0]) if outline.rings else _rectangle(*outline.box)
    ring = nearest(shape, width_px, height_px)
    if ring is None:
        lies_in = shapely.intersects(shape.envelope, shapely.box(0, 0, width_px, height_px))
        raise BadAnswer("gold", "it has no area." if lies_in else "it lies outside the picture.")
    left, top, right, bottom = shape.bounds
    cut = min(left, top) < -1 or right > width_px + 1 or bottom > height_px + 1
    return {"label": label, "points": ring}, cut


def _rectangle(x: float, y: float, width: float, height: float) -> shapely.Polygon:
    if width <= 0 or height <= 0:
        raise BadAnswer("gold", "it has no area.")
    return shapely.box(x, y, x + width, y + height)
