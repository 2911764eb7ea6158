"""Davidson's model of one comparison with ties: probabilities, scores and Fisher information.

    P(left) = e^{d/2} / Z,   P(right) = e^{-d/2} / Z,   P(tie) = e^{v} / Z,   Z = e^{d/2} + e^{-d/2} + e^{v}

d: score of the left item minus that of the right one; v: tie weight (-inf: no ties, the model of Bradley and Terry).
R. R. Davidson, On Extending the Bradley-Terry Model to Accommodate Ties in Paired Comparison Experiments, JASA 65 (1970),
doi:10.1080/01621459.1970.10481082. R. A. Bradley and M. E. Terry, Biometrika 39 (1952), doi:10.2307/2334029.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

SIDES = np.array([1.0, -1.0, 0.0])
IS_TIE = np.array([0.0, 0.0, 1.0])


class Slopes(NamedTuple):
    """Each (C, 3): derivatives of log P(outcome) by the score difference and by the tie weight."""

    gap: np.ndarray
    tie: np.ndarray


def probabilities(gap: np.ndarray, tie_weight: np.ndarray) -> np.ndarray:
    """(C, 3): P(left), P(right), P(tie) for differences (C,) and tie weights (C,)."""
    half = gap / 2
    top = np.maximum(np.abs(half), tie_weight)
    table = np.stack([half - top, -half - top, tie_weight - top], axis=1)
    np.exp(table, out=table)
    table /= table.sum(axis=1, keepdims=True)
    return table


def slopes(chances: np.ndarray) -> Slopes:
    """From probabilities (C, 3)."""
    lead = chances[:, 0] - chances[:, 1]
    return Slopes((SIDES - lead[:, None]) / 2, IS_TIE - chances[:, 2:])
