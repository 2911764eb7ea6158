"""keypoints: the figure that a file's named points are."""

from collections.abc import Mapping, Sequence

from labelling.task_types.errors import BadAnswer
from labelling.task_types.keypoints.skeleton import asked_of


def of_outline(label: str, outline, question: dict) -> tuple[dict, bool]:
    size, points, cut = (question["width_px"], question["height_px"]), {}, False
    for name, (x, y, v) in _named(outline.points, question).items():
        at = [min(max(round(place), 0), most) for place, most in zip((x, y), size, strict=True)]
        cut = cut or not (-1 <= x <= size[0] + 1 and -1 <= y <= size[1] + 1)
        points[name] = [*at, int(v)]
    if not points:
        raise BadAnswer("gold", "it states no point that the project asks for.")
    return {"label": label, "points": points}, cut


def _named(stated: Sequence[tuple[str, float, float, int]], question: dict) -> Mapping[str, tuple]:
    """The points that are there, by our ids: of a file whose names are ids or names of ours, or that names none but has as many."""
    asked = asked_of(question["config"])
    if stated and not any(name for name, *_ in stated):
        if len(stated) != len(asked.ids):
            raise BadAnswer(
                "gold", f"it has {len(stated)} points without names, the project asks for {len(asked.ids)}."
            )
        stated = [(one, x, y, v) for one, (_, x, y, v) in zip(asked.ids, stated, strict=True)]
    meant = {
        said.casefold().replace("_", " "): one["id"]
        for one in asked.points
        for said in (*one["name"].values(), one["id"])
    }
    found = {meant.get(name.casefold().replace("_", " ")): (x, y, v) for name, x, y, v in stated if v > 0}
    return {name: at for name, at in found.items() if name}
