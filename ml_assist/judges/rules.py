"""When a judge is heard, and what errors of it are usual. Pure: benchmarks use the same."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from consensus.core.answers.shares import wilson_interval

MIN_KNOWN = 20  # known tasks of an exam
AUDITS, SWAPS = 0.1, 0.2  # of the calls while it works


def is_heard(right: int, asked: int, chance: float) -> bool:
    """By the low end of the 95 % interval it is right more often than whoever always gives the most frequent answer (chance)."""
    return asked >= MIN_KNOWN and wilson_interval(right, asked)[0] > chance


def usual_errors(result: Mapping[str, Any]) -> float:
    """Of an audit, at most, by the exam: the high end of its 95 % interval. Inside of 0 and 1."""
    return min(max(1 - result["low_ppm"] / 1e6, 0.001), 0.999)
