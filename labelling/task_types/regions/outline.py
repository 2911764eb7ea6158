"""regions: the four corners of what a file states, with what is written there."""

from labelling.task_types.errors import BadAnswer
from labelling.task_types.regions.quads import from_ring, is_quad


def of_outline(label: str, outline, question: dict) -> tuple[dict, bool]:
    if len(outline.rings) > 1:
        raise BadAnswer("gold", f"it is made of {len(outline.rings)} parts: send each part as a mark of its own.")
    ring = list(outline.rings[0]) if outline.rings else _corners(*outline.around())
    quad = from_ring(ring) if len(ring) > 2 else None
    if quad is None:
        raise BadAnswer("gold", "it has no area.")
    sides = question["width_px"], question["height_px"]
    points = [[min(max(round(at), 0), side) for at, side in zip(point, sides, strict=True)] for point in quad]
    if not is_quad(points):
        raise BadAnswer("gold", "it lies outside the picture, or has no area.")
    cut = any(
        abs(at - put) > 1
        for point, given in zip(points, quad, strict=True)
        for put, at in zip(point, given, strict=True)
    )
    return {"label": label, "points": points, "text": " ".join(outline.text.split())[:500]}, cut


def _corners(x: float, y: float, width: float, height: float) -> list[tuple[float, float]]:
    return [(x, y), (x + width, y), (x + width, y + height), (x, y + height)]
