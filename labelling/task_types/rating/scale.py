"""rating: the scale that a project asks on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

SLIDER = 100


def bounds_of(config: Mapping[str, Any]) -> tuple[int, int, int]:
    """(lowest, highest, step)"""
    scale = config.get("scale", 5)
    return (0 if scale == SLIDER else 1), scale, 1


def near_of(config: Mapping[str, Any]) -> float:
    """How far off still counts as right, in steps: as the project says; else the very step, or a twentieth of a slider's range, as
    consensus.core.numbers.models.tolerance_of has it."""
    low, high, _step = bounds_of(config)
    otherwise = (high - low) / 20 if high == SLIDER else 0
    return config.get("near", otherwise)
