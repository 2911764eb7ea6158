"""Has it changed? Errors of a model, one audit after another, and an alarm that may be looked at after each.

As long as an audit goes wrong with a chance of `usual` at most, 1 + s (x - usual) has a mean of 1 at most, for x = 1 where it went wrong
and 0 where it did not, and each stake s up to 1 / usual. The sum over all moments k of the product since k is then an e-detector: on
average it passes the level A after A audits or more, whoever looks whenever (Shiryaev and Roberts by betting: J. Shin, A. Ramdas and A.
Rinaldo, E-detectors, The New England Journal of Statistics in Data Science 2 (2024), doi:10.51387/23-NEJSDS51). Here money is spread over
stakes as in guarantees/betting.py: a mean of e-detectors is one.

How soon a change is found is known beforehand: the detector is at least the product since the change with the best stake, over the number
of stakes, and a sum of independent steps passes a line after (line + its last step) / mean step of them on average (Wald, 1944).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .betting import FRACTIONS

FALSE_ALARM_AFTER = 1000  # audits, on average, of a model that did not change


@dataclass(frozen=True)
class Watch:
    """n: audits looked at; level: log of the detector after the last of them; alarm_at: after how many it passed the line for the first
    time, None: never; since: how many came before the change, as far as can be told (None without an alarm)."""

    n: int
    level: float
    alarm_at: int | None
    since: int | None


def watch(wrong: np.ndarray | Sequence[bool], usual: float, false_alarm_after: float = FALSE_ALARM_AFTER) -> Watch:
    """wrong (n,): 0 or 1, in the order of the audits; usual: how often an audit goes wrong, at most, while nothing has changed.
    ValueError for a `usual` outside of 0 to 1."""
    wrong = np.asarray(wrong, dtype=float)
    steps = _steps(usual)[:, None] * (wrong - usual)
    logs = np.log1p(steps)  # (stakes, n)
    detector, line, alarm = np.full(len(FRACTIONS), -np.inf), np.log(false_alarm_after), None
    for place in range(len(wrong)):
        detector = logs[:, place] + np.logaddexp(detector, 0.0)
        if alarm is None and _mean(detector) >= line:
            alarm = place + 1
    level = _mean(detector) if len(wrong) else float("-inf")
    return Watch(len(wrong), level, alarm, None if alarm is None else _change_before(logs[:, :alarm]))


def audits_until_found(usual: float, changed: float, false_alarm_after: float = FALSE_ALARM_AFTER) -> float:
    """At most so many audits on average from a change of the errors' chance, from at most `usual` to `changed`, until the alarm; infinite
    where it did not get worse. ValueError for a `usual` outside of 0 to 1."""
    stakes = _steps(usual)
    growth = changed * np.log1p(stakes * (1 - usual)) + (1 - changed) * np.log1p(-stakes * usual)
    line = np.log(false_alarm_after) + np.log(len(FRACTIONS))
    needed = (line + np.log1p(stakes * (1 - usual))) / np.where(growth > 0, growth, np.nan)
    return float(np.nanmin(needed)) if (growth > 0).any() else float("inf")


def _steps(usual: float) -> np.ndarray:
    """(stakes,) none of which can ruin her."""
    if not 0 < usual < 1:
        raise ValueError(f"usual must lie between 0 and 1, not {usual}.")
    return FRACTIONS / usual


def _mean(detector: np.ndarray) -> float:
    """Log of the mean of (stakes,) logs."""
    return float(np.logaddexp.reduce(detector) - np.log(len(detector)))


def _change_before(logs: np.ndarray) -> int:
    """The moment since which the product of the best stake is largest; logs (stakes, n)."""
    since = np.cumsum(logs[:, ::-1], axis=1)[:, ::-1]
    return int(np.unravel_index(since.argmax(), since.shape)[1])
