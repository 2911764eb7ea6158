"""The number that a rating is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from labelling.task_types.rating.scale import bounds_of


def range_of(config: Mapping[str, Any]) -> tuple[float, float]:
    low, high, _step = bounds_of(config)
    return float(low), float(high)


def number_of(value: Mapping[str, Any]) -> float:
    return float(value["rating"])
