"""A place in a table: degrees and metres in columns of their own."""

from __future__ import annotations

from typing import Any


def columns_of(value: dict) -> dict[str, Any]:
    place = value["place"]
    return {
        "latitude": place["latitude_e6"] / 1e6,
        "longitude": place["longitude_e6"] / 1e6,
        "radius_m": place["radius_m"],
    }
