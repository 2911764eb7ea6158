"""Numbers under the protocol."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from scipy.special import erf

from ..answers.codes import mean_by, pairs_within
from ..answers.decisions import Decisions
from ..answers.model import Gold, Model
from ..answers.skills import WorkerSkills
from .numeric import Bounds, Calibration, Merged, Numbers, NumberSkills, decide_numbers, merge_numbers
from .numeric_model import Learned, State

OWN = ("bias", "slope", "var_bias", "var_slope", "covariance", "noise")
ITEMS = ("x", "var_x", "difficulty")


class Measurement(Model[Numbers]):
    """Bias, scale and noise of each worker, difficulty of each item; the decision is the posterior median.

    Confidence is the chance that the truth lies within `tolerance`; sd, low and high (95 %) stand among the details. Gold corrects, from
    ten items on, the level that the whole crowd shares; what one worker is worth is measured against the others.

    Parameters
    ----------
    tolerance : float, optional
        How far off still counts as right, in the answers' unit; default: half a step of the scale, else a twentieth of its range.
    scale : {"auto", "linear", "log"}
        On which errors are even; "auto" asks the answers.
    """

    def __init__(self, tolerance: float | None = None, scale: str = "auto", skills: WorkerSkills | None = None) -> None:
        super().__init__(skills)
        self.tolerance, self.scale = tolerance, scale

    @classmethod
    def newcomers(cls, bounds: Bounds | tuple) -> WorkerSkills:
        """Before any answer: one noise for all, of a quarter of the scale."""
        return cls(scale="linear").fit(Numbers.from_rows([], [], [], bounds=bounds)).skills

    def _learn(self, answers: Numbers, gold: Gold, history: Mapping) -> tuple[Merged, WorkerSkills]:
        known = np.array([gold.get(item, np.nan) for item in answers.item_ids.tolist()], dtype=float)
        merged = merge_numbers(answers, self.scale, known if gold else None)
        return merged, _packed(answers, merged)

    def _apply(self, answers: Numbers, skills: WorkerSkills) -> Merged:
        return decide_numbers(answers, _unpacked(skills))

    def _told(self, answers: Numbers, found: Merged) -> Decisions:
        tolerance = tolerance_of(answers.bounds, self.tolerance) or _typical(answers)
        counts = np.bincount(answers.item, minlength=answers.n_items)
        sure = np.where(counts > 0, erf(tolerance / np.maximum(found.sd, 1e-12) / np.sqrt(2)), 0.0)
        details = {"sd": found.sd, "low": found.low, "high": found.high}
        return Decisions(
            answers.item_ids, found.values.tolist(), sure, agreement_of(answers, tolerance), counts, details
        )


def tolerance_of(bounds: Bounds | tuple, asked: float | None) -> float:
    """How far off a number may be, 0 when nothing says so."""
    low, high, step = bounds
    if asked is not None:
        return float(asked)
    if step is not None:
        return float(step) / 2
    return (float(high) - float(low)) / 20 if low is not None and high is not None else 0.0


def agreement_of(numbers: Numbers, tolerance: float) -> np.ndarray:
    """(I,) one less the mean distance of two answers, in units of the scale's range, else of the answers' own; nan below two."""
    low, high, _ = numbers.bounds
    reach = max(float(np.ptp(numbers.value)) if len(numbers.value) else 0.0, tolerance)
    reach = high - low if low is not None and high is not None else reach
    first, second = pairs_within(numbers.item)
    alike = 1 - np.minimum(np.abs(numbers.value[first] - numbers.value[second]) / reach, 1)
    return mean_by(numbers.item[first], alike, numbers.n_items)


def _typical(numbers: Numbers) -> float:
    """Where there is no scale: a twentieth of the range of the answers."""
    return float(np.ptp(numbers.value)) / 20 if len(numbers.value) and np.ptp(numbers.value) > 0 else 1.0


def _packed(numbers: Numbers, merged: Merged) -> WorkerSkills:
    state, learned = merged.skills.learned.state, merged.skills.learned
    rows = zip(*(getattr(state, name).tolist() for name in OWN), strict=True)
    own = [dict(zip(OWN, row, strict=True)) for row in rows]
    names = numbers.worker_ids.tolist()
    crowd: dict[str, Any] = {
        name: value for name, value in vars(state).items() if name not in OWN and isinstance(value, int | float)
    }
    crowd |= {"zero": learned.zero, "unit": learned.unit, "share2": learned.share2, "scale": merged.scale}
    crowd |= {"calibration": list(merged.skills.calibration)}
    counts = np.bincount(numbers.worker, minlength=numbers.n_workers).tolist()
    return WorkerSkills(dict(zip(names, own, strict=True)), crowd, dict(zip(names, counts, strict=True)))


def _unpacked(skills: WorkerSkills) -> NumberSkills:
    names, crowd = list(skills.workers), dict(skills.crowd)
    learned = [float(crowd.pop(name)) for name in ("zero", "unit", "share2")]
    scale, calibration = str(crowd.pop("scale")), Calibration(*crowd.pop("calibration"))
    own = {name: skills.column(name, names).astype(float) for name in OWN}
    nothing = dict.fromkeys(ITEMS, np.zeros(0))
    ids = np.empty(len(names), dtype=object)
    ids[:] = names
    return NumberSkills(ids, scale, calibration, Learned(State(**{**nothing, **own, **crowd}), *learned))
