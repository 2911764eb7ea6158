"""regions: of the best one-to-one matching (IoU >= 0.5, the same label) the likeness of the texts, twice their sum by the number of all
lines; two empty answers agree.

Likeness is 1 - the normalised edit distance: the measure "1 - N.E.D." of the ICDAR 2019 text spotting contests (C. K. Chng et al.,
ICDAR 2019, doi:10.1109/ICDAR.2019.00252), both ways. Two who cannot read a line agree on it.
"""

from __future__ import annotations

from math import fsum

import numpy as np
from scipy.optimize import linear_sum_assignment

from labelling.task_types.folding import likeness
from labelling.task_types.matching import IOU_THRESHOLD
from labelling.task_types.regions.quads import iou


def agreement(a: dict, b: dict, question: dict) -> float:
    lines = len(a["regions"]) + len(b["regions"])
    return 2 * fsum(_alike(a["regions"], b["regions"])) / lines if lines else 1.0


def _alike(a: list[dict], b: list[dict]) -> list[float]:
    return [written_alike(a[n], b[m]) for n, m in matched(a, b)]


def matched(a: list[dict], b: list[dict]) -> list[tuple[int, int]]:
    """Which lines are the same: as many pairs as can be, of those the ones that overlap most."""
    if not a or not b:
        return []
    over = iou([one["points"] for one in a], [one["points"] for one in b])
    same_label = np.array([[one["label"] == other["label"] for other in b] for one in a])
    good = (over >= IOU_THRESHOLD) & same_label
    rows, columns = linear_sum_assignment(-np.where(good, 1 + over / 1000, 0.0))
    return [(n, m) for n, m in zip(rows.tolist(), columns.tolist(), strict=True) if good[n, m]]


def written_alike(one: dict, other: dict) -> float:
    if not one["text"] or not other["text"]:
        return float(one["text"] == other["text"])
    return likeness(one["text"], other["text"])
