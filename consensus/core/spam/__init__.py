"""Abuse: who clicks without looking, who copies, who is a machine, whose work has changed. Evidence for a person to judge.

`find_abuse` runs all tests that measure by the crowd; each is a module of its own: clickers, copiers, speed, drift. `alone` has
those that hold when there is no honest crowd. See docs/consensus.md, "Abuse".
"""

from __future__ import annotations

import numpy as np

from ..labels.result import Result
from .alone import Lent, chance_flags, hurried_flags, picky_flags
from .clickers import clicker_flags, find_clickers
from .copiers import find_copiers, ring_flags
from .drift import drift_flags, find_drift
from .evidence import Flag
from .expected import expect
from .log import Log
from .speed import fast_flags, find_fast

VERSION = "abuse/3"


def find_abuse(log: Log, gold: np.ndarray | None = None, fit: Result | None = None) -> list[Flag]:
    """All flags, by worker and kind. gold: (I,) label codes, -1 = unknown. fit: `auto`'s result on log.votes, if there is one."""
    if not log.votes.n_votes:
        return []
    expected = expect(log.votes, gold, fit)
    flags = clicker_flags(log, expected, find_clickers(log, expected))
    flags += ring_flags(log, find_copiers(expected))
    flags += drift_flags(log, find_drift(log, expected))
    flags += speed_flags(log)
    place = {worker: code for code, worker in enumerate(log.votes.worker_ids.tolist())}
    return sorted(flags, key=lambda flag: (place[flag.worker], flag.kind))


def speed_flags(log: Log) -> list[Flag]:
    """Flags that need no answers, only times: for every type of task."""
    return fast_flags(log, find_fast(log)) if log.took_s is not None else []


__all__ = [
    "VERSION", "Flag", "Lent", "Log", "chance_flags", "expect", "find_abuse", "hurried_flags", "picky_flags", "speed_flags",
]  # fmt: skip
