"""Davidson's model of one comparison with ties: probabilities, scores and Fisher information.

    P(left) = e^{d/2} / Z,   P(right) = e^{-d/2} / Z,   P(tie) = e^{v} / Z,   Z = e^{d/2} + e^{-d/2} + e^{v}

d: score of the left item minus that of the right one; v: tie weight (-inf: no ties, the model of Bradley and Terry).
R. R. Davidson, On Extending the Bradley-Terry Model to Accommodate Ties in Paired Comparison Experiments, JASA 65 (1970),
doi:10.1080/01621459.1970.10481082. R. A. Bradley and M. E. Terry, Biometrika 39 (1952), doi:10.2307/2334029.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np


class Slopes(NamedTuple):
    """Each (3, C): derivatives of log P(outcome) by the score difference and by the tie weight."""

    gap: np.ndarray
    tie: np.ndarray


def probabilities(gap: np.ndarray, tie_weight: np.ndarray) -> np.ndarray:
    """(3, C): P(left), P(right), P(tie) for differences (C,) and tie weights (C,)."""
    half = gap / 2
    top = np.maximum(np.abs(half), tie_weight)
    table = np.stack([half - top, -half - top, tie_weight - top])
    np.exp(table, out=table)
    table /= table[0] + table[1] + table[2]
    return table


def slopes(chances: np.ndarray) -> Slopes:
    """From probabilities (3, C)."""
    half_lead = (chances[0] - chances[1]) / 2
    return Slopes(
        np.stack([0.5 - half_lead, -0.5 - half_lead, -half_lead]),
        np.stack([-chances[2], -chances[2], 1 - chances[2]]),
    )
