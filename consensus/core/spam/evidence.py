"""What every test of this package gives: flags with numbers, and how much evidence is enough.

The tests of copies and patterns weigh two explanations of the same answers, a likelihood ratio e of "not honest" over "the
least favourable honest explanation". Under every honest explanation the mean of e is at most 1, so by Markov's inequality
1 / e is a p-value, whatever the number of answers and however often one looks (e-values: V. Vovk and R. Wang, Annals of
Statistics 49 (2021), doi:10.1214/20-AOS2020; looking again and again: P. Grunwald, R. de Heide and W. Koolen, Safe Testing,
JRSS B 86 (2024), doi:10.1093/jrsssb/qkae011).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

# Of all that one test flags in one call, at most this share is expected to be honest. The first is for tests whose null is the
# least favourable honest worker, so that a usual one is far from it; the second for tests that a usual worker fails so often.
FAR_LEVEL = 0.05
LEVEL = 0.01


@dataclass(frozen=True)
class Flag:
    """One thing that a person should look at.

    kind: "random", "one_label", "pattern", "ring", "fast", "constant" or "drift". worker: the caller's id. score in [0, 1]: how
    large the effect is. p_value: how often an honest worker would show as much, at most. numbers: what the sentence needs, plain
    Python numbers; ids and rows are the caller's.
    """

    kind: str
    worker: Any
    score: float
    p_value: float
    numbers: Mapping[str, Any] = field(default_factory=dict)


def discoveries(p_values: np.ndarray, level: float = LEVEL) -> np.ndarray:
    """(n,) bool: the Benjamini-Hochberg step-up; NaN stands for "not tested". Keeps the share of false discoveries below level
    for independent p-values, and for p-values that are 1 / e of e-values under any dependence.

    Y. Benjamini and Y. Hochberg, JRSS B 57 (1995), doi:10.1111/j.2517-6161.1995.tb02031.x; R. Wang and A. Ramdas, False
    discovery rate control with e-values, JRSS B 84 (2022), doi:10.1111/rssb.12489.
    """
    tested = np.flatnonzero(~np.isnan(p_values))
    order = tested[np.argsort(p_values[tested], kind="stable")]
    enough = p_values[order] <= level * np.arange(1, len(order) + 1) / max(len(order), 1)
    found = np.zeros(len(p_values), dtype=bool)
    if enough.any():
        found[p_values <= p_values[order[np.flatnonzero(enough)[-1]]]] = True
    return found


def p_of(log_e: np.ndarray) -> np.ndarray:
    """1 / e as p-values (n,), from log e (n,)."""
    return np.exp(-np.maximum(log_e, 0))


def copied_ratio(agree: np.ndarray, surprise: np.ndarray, rate: float, honest: float) -> np.ndarray:
    """log of P(what is seen | copies a share `rate`) / P(the same | copies a share `honest`), elementwise.

    agree (n,): bool; surprise (n,): 1 / P(this answer | independent). With rate c: an agreement weighs 1 - c + c * surprise, a
    difference 1 - c. One coincidence, however rare, weighs at most rate / honest.
    """
    seen = np.where(agree, surprise, 0.0)
    return np.log(1 - rate + rate * seen) - np.log(1 - honest + honest * seen)


def log_mean(logs: list[np.ndarray]) -> np.ndarray:
    """log of the mean of e-values, itself an e-value: (n,) from logs (n,)."""
    return np.logaddexp.reduce(np.stack(logs), axis=0) - np.log(len(logs))


def segment_sums(values: np.ndarray, groups: np.ndarray, n_groups: int) -> np.ndarray:
    """(n_groups,) sums of values (n,) by their group (n,)."""
    return np.bincount(groups, weights=values, minlength=n_groups)
