"""May a model stand in for one of the people? The alternative annotator test.

Each person is left out in turn. On every item that she answered with others, is the model at least as much like the others as she is (1 or
0), and is she at least as much like them as it is? The model wins against her where the mean of the second less that of the first is below
epsilon, by a one-sided t-test: epsilon is what a person may be better by, for a model is cheaper; 0.2 beside experts, 0.15 beside skilled
people, 0.1 beside a crowd, as the paper has it. So many tests at once are corrected (Y. Benjamini and D. Yekutieli, The Annals of
Statistics 29 (2001), doi:10.1214/aos/1013699998). Passed: it wins against half of the people or more.

N. Calderon, R. Reichart and R. Dror, The Alternative Annotator Test for LLM-as-a-Judge, ACL 2025, arXiv 2501.10970.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

CROWD, SKILLED, EXPERTS = 0.1, 0.15, 0.2  # epsilon, by who the people are
MIN_ITEMS = 30  # of a person: with fewer a mean is not near enough to normal (the paper)
MIN_PEOPLE = 2
DISCOVERIES = 0.05

Alike = Callable[[Hashable, Any, Any], float]  # of an item: how much alike two answers are, from 0 to 1


@dataclass(frozen=True)
class Alternative:
    """people: those with MIN_ITEMS items, in order; won: against whom; advantage: how often the model is at least as much like the others
    as a person, mean over people (None where there are none)."""

    people: list[Hashable]
    p_values: list[float]
    won: list[bool]
    advantage: float | None

    @property
    def winning_rate(self) -> float:
        """Share of the people against whom it wins; 0 without any."""
        return sum(self.won) / len(self.won) if self.won else 0.0

    @property
    def was_held(self) -> bool:
        """Whether there were people enough to test against."""
        return len(self.people) >= MIN_PEOPLE

    @property
    def passed(self) -> bool:
        """It may stand in for one of them."""
        return self.was_held and self.winning_rate >= 0.5


def alternative_annotator(
    said: Mapping[Any, Any],
    answers: Mapping[Any, Mapping[Any, Any]],
    alike: Alike,
    epsilon: float = CROWD,
) -> Alternative:
    """said: {item: what the model said}; answers: {person: {item: what she said}}. Items that fewer than two people answered tell nothing.
    ValueError for an epsilon outside 0 to 1."""
    if not 0 <= epsilon < 1:
        raise ValueError(f"epsilon must lie between 0 and 1, not {epsilon}.")
    by_item: dict[Hashable, dict[Hashable, Any]] = {}
    for person, hers in answers.items():
        for item, value in hers.items():
            if item in said:
                by_item.setdefault(item, {})[person] = value
    people, p_values, advantages = [], [], []
    for person, hers in answers.items():
        items = [item for item in hers if len(by_item.get(item, ())) >= 2]
        if len(items) >= MIN_ITEMS:
            wins, hers_wins = _compared(person, items, said, by_item, alike)
            people.append(person)
            p_values.append(_p_value(hers_wins - wins, epsilon))
            advantages.append(float(wins.mean()))
    return Alternative(people, p_values, rejected(p_values), float(np.mean(advantages)) if people else None)


def _compared(
    person: Hashable,
    items: list[Hashable],
    said: Mapping[Hashable, Any],
    by_item: Mapping[Hashable, Mapping[Hashable, Any]],
    alike: Alike,
) -> tuple[np.ndarray, np.ndarray]:
    """(n,) each, 1 or 0 an item: the model is at least as much like the others as she is; she is as it is."""
    scores = []
    for item in items:
        others = [value for one, value in by_item[item].items() if one != person]
        scores.append(
            [np.mean([alike(item, value, other) for other in others]) for value in (said[item], by_item[item][person])]
        )
    of_model, of_person = np.array(scores).T
    return (of_model >= of_person).astype(float), (of_person >= of_model).astype(float)


def _p_value(difference: np.ndarray, epsilon: float) -> float:
    """Of a mean of differences (n,) that is epsilon or more, Student's test."""
    n, mean, sd = len(difference), float(difference.mean()), float(difference.std(ddof=1))
    if sd == 0:
        return 0.0 if mean < epsilon else 1.0
    from scipy.special import stdtr  # only who examines a judge loads SciPy: pages are served without it

    return float(stdtr(n - 1, (mean - epsilon) / (sd / np.sqrt(n))))


def rejected(p_values: list[float], level: float = DISCOVERIES) -> list[bool]:
    """Which of the hypotheses fall, at this false discovery rate, however the tests hang together: Benjamini and Yekutieli (2001)."""
    m = len(p_values)
    harmonic = sum(1 / rank for rank in range(1, m + 1))
    in_order = sorted(p_values)
    least = [p for rank, p in enumerate(in_order, 1) if p <= rank / m * level / harmonic]
    return [bool(least) and p <= least[-1] for p in p_values]
