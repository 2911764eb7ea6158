"""geopoint: a place on the globe and how sure of it she is, `{"place": {"latitude_e6": -29858700, "longitude_e6": 31021800, "radius_m":
1000}}`: whole millionths of a degree (WGS 84), and one of the radii within which she is sure that it lies. Longitude 180 is -180.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import asin, cos, radians, sin, sqrt
from typing import Any

from labelling.task_types.errors import BadAnswer
from labelling.task_types.fields import exact_keys, whole_number

RADII_M = (10, 100, 1_000, 10_000, 100_000, 1_000_000)
HALF_TURN = 180_000_000
EARTH_M = 6_371_008.8  # mean radius
_KEYS = {"latitude_e6", "longitude_e6", "radius_m"}


def parse(value: Any, question: dict) -> dict:
    body = exact_keys(exact_keys(value, {"place"}, "value")["place"], _KEYS, "value.place")
    latitude = whole_number(body["latitude_e6"], "value.place.latitude_e6", -HALF_TURN // 2, HALF_TURN // 2)
    longitude = whole_number(body["longitude_e6"], "value.place.longitude_e6", -HALF_TURN, HALF_TURN)
    radius = body["radius_m"]
    if isinstance(radius, bool) or radius not in RADII_M:
        known = ", ".join(map(str, RADII_M))
        raise BadAnswer("value.place.radius_m", f"value.place.radius_m must be one of {known}.")
    return made(latitude, longitude, int(radius))


def made(latitude_e6: int, longitude_e6: int, radius_m: int) -> dict:
    """The canonical form."""
    longitude = -HALF_TURN if longitude_e6 == HALF_TURN else longitude_e6
    return {"place": {"latitude_e6": latitude_e6, "longitude_e6": longitude, "radius_m": radius_m}}


def degrees(value: Mapping[str, Any]) -> tuple[float, float]:
    """(latitude, longitude)"""
    place = value["place"]
    return place["latitude_e6"] / 1e6, place["longitude_e6"] / 1e6


def distance_m(a: Mapping[str, Any], b: Mapping[str, Any]) -> float:
    """Along the great circle (haversine), in metres."""
    (one, east), (other, west) = ((radians(x) for x in degrees(each)) for each in (a, b))
    half = sin((other - one) / 2) ** 2 + cos(one) * cos(other) * sin((west - east) / 2) ** 2
    return 2 * EARTH_M * asin(min(1.0, sqrt(half)))


def relabel(value: dict, into: Mapping[str, str]) -> dict:
    """A place has no labels."""
    return value


def labels_in(value: dict) -> set[str]:
    return set()
