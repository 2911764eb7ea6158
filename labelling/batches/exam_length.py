"""How many tasks an exam needs, so that nobody passes it by guessing. Pure arithmetic.

The pass mark is the share of right answers that the pay rule takes a newcomer to have (80 of 100). Who guesses is right with the chance p:
the larger of what the task type says of a blind guess, and the share of the commonest answer among the exam's known tasks, which
somebody who always says that one would have right. An exam of n tasks is long enough when

    P(Bin(n, p) >= ceil(0.8 n)) <= 1/100
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence
from math import comb

from labelling.batches.open_training import LEAST
from labelling.batches.pay import MAX_BPS, PRIOR_BPS

LONGEST = 50  # more tasks than that are asked of nobody
TRIES = 2  # the sitting, and a free retry with other tasks
BY_CHANCE = 0.01


def passes(right: int, counted: int) -> bool:
    return counted > 0 and right * MAX_BPS >= counted * PRIOR_BPS


def needed(tasks: int) -> int:
    """Right answers of so many tasks that pass."""
    return -(-tasks * PRIOR_BPS // MAX_BPS)


def passes_by_chance(tasks: int, p: float) -> float:
    """The chance of somebody who is right with the chance p each time.

    >>> round(passes_by_chance(14, 0.5), 4), round(passes_by_chance(13, 0.5), 4)
    (0.0065, 0.0112)
    """
    return sum(comb(tasks, k) * p**k * (1 - p) ** (tasks - k) for k in range(needed(tasks), tasks + 1))


def least_tasks(truths: Sequence[Hashable], blind: float) -> int | None:
    """The shortest exam that is long enough, of known tasks that are taken in this order, two sittings' worth where there are as many.
    None: these are too few, or too much alike."""
    for tasks in range(LEAST, min(LONGEST, len(truths)) + 1):
        if passes_by_chance(tasks, max(blind, commonest(truths[: TRIES * tasks]))) <= BY_CHANCE:
            return tasks
    return None


def commonest(truths: Sequence[Hashable]) -> float:
    """The share of those that have the commonest answer."""
    return max(Counter(truths).values()) / len(truths)
