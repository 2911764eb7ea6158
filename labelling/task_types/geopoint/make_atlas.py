"""Makes phone/atlas.ts of Natural Earth's 1:50m countries (public domain), as the npm package world-atlas 2 (ISC) holds them:

    python -m labelling.task_types.geopoint.make_atlas node_modules/world-atlas/countries-50m.json

Lines are simplified by 0.05 degrees (5.5 km at most) and put on a grid of 0.02; islands of less than 0.02 square degrees are left out.
Written are whole numbers of seven bits a byte, zigzag: how many arcs; of each how many points, and their steps; how many rings; of each how
many arcs, and which, ~n for one that is walked backwards. Names: country by its number (ISO 3166-1), a place in it, and about how many
degrees wide it is.
"""

from __future__ import annotations

import base64
import json
import sys
from pathlib import Path

import numpy as np
import shapely

TOLERANCE, UNIT, LEAST_AREA = 0.05, 0.02, 0.02
TO = Path(__file__).parent / "phone" / "atlas.ts"


def main(path: Path) -> None:
    topology = json.loads(path.read_text(encoding="utf-8"))
    scale, shift = (np.array(topology["transform"][name]) for name in ("scale", "translate"))
    arcs = [np.cumsum(np.array(arc, float)[:, :2], axis=0) * scale + shift for arc in topology["arcs"]]
    kept = [(one, part, area) for one, part in _parts(topology) if (area := _area(part[0], arcs)) >= LEAST_AREA]
    rings = [ring for _country, part, _area in kept for ring in part]
    used = sorted({max(arc, ~arc) for ring in rings for arc in ring})
    place = {arc: n for n, arc in enumerate(used)}
    written = _written([_on_grid(arcs[arc]) for arc in used], [[_placed(arc, place) for arc in ring] for ring in rings])
    data = {"unit": UNIT, "arcs": base64.b64encode(written).decode(), "names": _names(kept, arcs)}
    said = "/** Coasts and borders, from Natural Earth 1:50m (public domain). Generated from world-atlas 2 by make_atlas.py. */\n"
    TO.write_text(f"{said}export default {json.dumps(data, separators=(',', ':'))};\n", encoding="utf-8")


def _parts(topology: dict):
    """(country, the arcs of each ring) of every polygon."""
    for one in topology["objects"]["countries"]["geometries"]:
        parts = one.get("arcs", []) if one["type"] == "MultiPolygon" else [one["arcs"]] if one["type"] else []
        yield from ((one.get("id"), part) for part in parts)


def _ring(ring: list[int], arcs: list[np.ndarray]) -> np.ndarray:
    return np.concatenate([arcs[arc] if arc >= 0 else arcs[~arc][::-1] for arc in ring])


def _area(ring: list[int], arcs: list[np.ndarray]) -> float:
    return abs(shapely.Polygon(_ring(ring, arcs)).area)


def _on_grid(arc: np.ndarray) -> list[list[int]]:
    points = np.rint(shapely.get_coordinates(shapely.LineString(arc).simplify(TOLERANCE)) / UNIT).astype(int).tolist()
    return [point for n, point in enumerate(points) if not n or point != points[n - 1]]


def _placed(arc: int, place: dict[int, int]) -> int:
    return place[arc] if arc >= 0 else ~place[~arc]


def _written(arcs: list[list[list[int]]], rings: list[list[int]]) -> bytes:
    numbers, before = [len(arcs)], (0, 0)
    for arc in arcs:
        numbers.append(len(arc))
        for x, y in arc:
            numbers += [x - before[0], y - before[1]]
            before = (x, y)
    numbers.append(len(rings))
    for ring in rings:
        numbers += [len(ring), *ring]
    return b"".join(map(_seven_bits, numbers))


def _seven_bits(number: int) -> bytes:
    left, found = 2 * number if number >= 0 else -2 * number - 1, bytearray()
    while left > 127:
        found.append(left & 127 | 128)
        left >>= 7
    return bytes([*found, left])


def _names(kept: list, arcs: list[np.ndarray]) -> list[list]:
    """Each country where its largest part is."""
    largest = {one: (part, area) for one, part, area in sorted(kept, key=lambda row: row[2]) if one}
    inside = {one: shapely.Polygon(_ring(part[0], arcs)).representative_point() for one, (part, _) in largest.items()}
    return [
        [one, round(inside[one].x), round(inside[one].y), round(largest[one][1] ** 0.5) or 1] for one in sorted(inside)
    ]


if __name__ == "__main__":
    main(Path(sys.argv[1]))
