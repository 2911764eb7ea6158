from __future__ import annotations

import json
from collections.abc import Iterator

from labelling.formats.frozen import Frozen


def write(frozen: Frozen) -> Iterator[bytes]:
    """A feature a decided item, and again under every further name that it was sent by: a place that nobody has found is none."""
    yield b'{"type": "FeatureCollection", "features": ['
    before = b"\n"
    for row in frozen.rows():
        place = frozen.drawing(row).place if row["decision"] is not None else None
        if place is not None:
            for feature in _features(row, [place.longitude, place.latitude], place.radius_m):
                yield before + json.dumps(feature, ensure_ascii=False).encode()
                before = b",\n"
    yield b"\n]}\n"


def _features(row: dict, at: list[float], radius_m: float | None) -> Iterator[dict]:
    for one in (row, *row.get("other_rows", ())):
        media = row["media"] or {}
        file_name = one["file_name"] if "file_name" in one else media.get("file_name")
        properties = {"item": row["item"], "id": one["external_id"], "file": file_name, "text": row.get("text")}
        properties |= {"radius_m": radius_m, "confidence_ppm": row.get("confidence_ppm")}
        said = {name: value for name, value in properties.items() if value not in (None, "")}
        yield {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": at},
            "properties": {**one["metadata"], **said},
        }
