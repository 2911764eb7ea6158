"""keypoints: the skeleton that a project asks for, and how many figures an item may have.

As a text, a line a point and a line an edge:

    left_ear <> right_ear 35000 @30,10: Left ear / Indlebe yesokunxele
    nose - left_ear

<> names the mirror; the number is sigma in millionths, @x,y its place in the small drawing, per cent; all three may be left out. Whole
numbers, for settings are hashed.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from typing import Any

from labelling.task_types.errors import BadSetting
from labelling.task_types.keypoints.skeleton import ONE, SEVERAL
from labelling.task_types.settings import words

_ID = r"[a-z0-9][a-z0-9_-]{0,39}"
_NUMBER = r"\d{1,6}"
_POINT = re.compile(
    rf"({_ID})(?:\s*<>\s*({_ID}))?(?:\s+({_NUMBER}))?(?:\s+@({_NUMBER}),({_NUMBER}))?\s*:\s*([^/]+?)\s*(?:/\s*(.+))?\Z"
)
_EDGE = re.compile(rf"({_ID})\s+-\s+({_ID})\Z")
_PERCENT = {"type": "integer", "minimum": 0, "maximum": 100}
_NAME = {"type": "string", "minLength": 1, "maxLength": 40}
SKELETON = {
    "type": "object",
    "properties": {
        "points": {
            "type": "array",
            "minItems": 2,
            "maxItems": 60,
            "items": {
                "type": "object",
                "properties": {
                    "id": _NAME,
                    "name": words(60),
                    "mirror": _NAME,
                    "sigma_ppm": {"type": "integer", "minimum": 1000, "maximum": 500_000},
                    "at": {"type": "array", "minItems": 2, "maxItems": 2, "items": _PERCENT},
                },
                "required": ["id", "name"],
            },
        },
        "edges": {
            "type": "array",
            "maxItems": 120,
            "items": {"type": "array", "minItems": 2, "maxItems": 2, "items": _NAME},
        },
    },
    "required": ["points"],
    "titles": {"en": "The points, and the lines between them", "zu": "Amaphuzu, nemigqa ephakathi kwawo"},
    "help": {
        "en": "A line for each point: left_ear <> right_ear 35000 @30,10: Left ear / Indlebe yesokunxele. <> names the point of the "
        "other side, the number says how exactly people place it, @ where a small drawing has it; all three may be left out. A line for "
        "each edge: nose - left_ear",
        "zu": "Umugqa wephuzu ngalinye: left_ear <> right_ear 35000 @30,10: Left ear / Indlebe yesokunxele. <> usho iphuzu lolunye "
        "uhlangothi, inombolo isho ukuthi abantu balibeka ngokuqonda okungakanani, @ lapho umdwebo omncane unalo khona; zontathu "
        "zingashiywa. Umugqa wesihlanganisi ngasinye: nose - left_ear",
    },
    "typed": True,
}
FIGURES = {
    "enum": [ONE, SEVERAL],
    "default": ONE,
    "titles": {"en": "Figures in a picture", "zu": "Imifanekiso esithombeni"},
    "names": {
        ONE: {"en": "One at most", "zu": "Owodwa kuphela"},
        SEVERAL: {"en": "As many as there are", "zu": "Yonke ekhona"},
    },
}


def check(config: Mapping[str, Any]) -> None:
    """BadSetting where there is no skeleton, or where its parts do not hold together."""
    if "skeleton" not in config:
        raise BadSetting("config.skeleton is missing: say which points are asked for.", "skeleton")
    points, edges = config["skeleton"]["points"], config["skeleton"].get("edges", [])
    for n, point in enumerate(points):
        if not re.fullmatch(_ID, point["id"]):
            raise BadSetting(
                "{given} is no id of a point: use lower-case letters, digits, - or _.",
                f"skeleton.points[{n}].id",
                given=point["id"],
            )
        if not any(name.strip() for name in point["name"].values()):
            raise BadSetting(
                "The point {given} has no name: write what people call it.",
                f"skeleton.points[{n}].name",
                given=point["id"],
            )
    twice = [one for one, times in Counter(point["id"] for point in points).items() if times > 1]
    if twice:
        raise BadSetting("Two points have the id {given}: give each its own.", "skeleton.points", given=twice[0])
    _check_ends({point["id"]: point.get("mirror") for point in points}, edges)


def _check_ends(mirrors: dict[str, str | None], edges: list[list[str]]) -> None:
    for one, other in mirrors.items():
        if other is not None and (other == one or mirrors.get(other) != one):
            raise BadSetting(
                "The mirror of {given} must be another point whose mirror is {given}.", "skeleton.points", given=one
            )
    for n, (one, other) in enumerate(edges):
        if one == other or not {one, other} <= mirrors.keys():
            raise BadSetting(
                "The line {one} - {other} must join two points.", f"skeleton.edges[{n}]", one=one, other=other
            )


# --- as a text -------------------------------------------------------------------------------------------------------
def read_skeleton(text: str) -> dict[str, Any] | None:
    """None of a text without a line; BadSetting for a line that is neither a point nor an edge."""
    points: list[dict[str, Any]] = []
    edges: list[list[str]] = []
    for n, line in enumerate(text.splitlines(), 1):
        point, edge = _POINT.match(line.strip()), _EDGE.match(line.strip())
        if edge:
            edges.append([edge[1], edge[2]])
        elif point:
            points.append(_read_point(point))
        elif line.strip():
            raise BadSetting(
                "Line {n} is neither a point (nose: Nose) nor a line between two (nose - left_ear).", "skeleton", n=n
            )
    return {"points": points, "edges": edges} if points or edges else None


def _read_point(found: re.Match[str]) -> dict[str, Any]:
    one, mirror, sigma, x, y, english, zulu = found.groups()
    point: dict[str, Any] = {"id": one, "name": {"en": english} | ({"zu": zulu.strip()} if zulu else {})}
    point |= {"mirror": mirror} if mirror else {}
    point |= {"sigma_ppm": int(sigma)} if sigma else {}
    return point | ({"at": [int(x), int(y)]} if x else {})


def write_skeleton(skeleton: Mapping[str, Any]) -> str:
    lines = [_write_point(point) for point in skeleton["points"]]
    return "\n".join([*lines, *(f"{a} - {b}" for a, b in skeleton.get("edges", []))])


def _write_point(point: Mapping[str, Any]) -> str:
    mirror = f" <> {point['mirror']}" if point.get("mirror") else ""
    sigma = f" {point['sigma_ppm']}" if point.get("sigma_ppm") else ""
    at = f" @{point['at'][0]},{point['at'][1]}" if point.get("at") else ""
    names = point["name"]
    said = " / ".join(filter(None, (names.get("en") or next(iter(names.values()), ""), names.get("zu"))))
    return f"{point['id']}{mirror}{sigma}{at}: {said}"
