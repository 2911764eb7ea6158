"""GeoJSON in: a row a feature, its properties the cells, and where it lies what is known of it."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from labelling.formats.rows import BadTable, Refused, Row
from labelling.task_types.drawing import Place
from people.strict_json import read_json

_START = re.compile(r'\s*\{[^{\[]*"type"\s*:\s*"FeatureCollection"')


def is_table(start: str) -> bool:
    return bool(_START.match(start)) or ('"FeatureCollection"' in start[:400] and start.lstrip().startswith("{"))


def read(path: Path) -> Iterator[Row | Refused]:
    try:
        whole = read_json(path.read_text("utf-8-sig"))
    except ValueError:
        raise BadTable("The file is no JSON.") from None
    features = whole.get("features") if isinstance(whole, dict) else None
    if not isinstance(features, list):
        raise BadTable("The file has no list named features.")
    for number, one in enumerate(features, 1):
        yield _row(number, f"feature {number}", one)


def _row(number: int, place: str, one: Any) -> Row | Refused:
    if not isinstance(one, dict) or not isinstance(one.get("properties") or {}, dict):
        return Refused(number, place, "features", "A feature must be an object with properties and a geometry.")
    cells = dict(one.get("properties") or {})
    if "id" in one and "id" not in cells:
        cells["id"] = one["id"]
    geometry = one.get("geometry")
    if geometry is None:
        return Row(number, place, cells)
    at = _point(geometry)
    if at is None:
        return Refused(number, place, "geometry", "Only points are taken: coordinates of a longitude and a latitude.")
    radius = _radius(cells.pop("radius_m", None))
    return Row(number, place, {**cells, "gold": Place(*at, radius)})


def _point(geometry: Any) -> tuple[float, float] | None:
    """(latitude, longitude)"""
    said = geometry.get("coordinates") if isinstance(geometry, dict) and geometry.get("type") == "Point" else None
    if not isinstance(said, list) or not 2 <= len(said) <= 3 or not all(map(_is_number, said)):
        return None
    longitude, latitude = float(said[0]), float(said[1])
    return (latitude, longitude) if abs(latitude) <= 90 and abs(longitude) <= 180 else None


def _radius(given: Any) -> float | None:
    return float(given) if _is_number(given) and given > 0 else None


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
