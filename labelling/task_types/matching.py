"""How well two lists of labelled marks match, one to one."""

from collections.abc import Callable

import numpy as np
from scipy.optimize import linear_sum_assignment

IOU_THRESHOLD = 0.5
Overlap = Callable[[list[dict], list[dict]], np.ndarray]  # (len(a), len(b)) intersection over union


def f1(a: list[dict], b: list[dict], iou_matrix: Overlap) -> float:
    """In 0..1: of the best matching, in which a pair needs the same label and IoU >= 0.5. Two empty lists agree."""
    total = len(a) + len(b)
    return 2 * matches(a, b, iou_matrix) / total if total else 1.0


def matches(a: list[dict], b: list[dict], iou_matrix: Overlap) -> int:
    if not a or not b:
        return 0
    same_label = np.array([[one["label"] == other["label"] for other in b] for one in a])
    good = (iou_matrix(a, b) >= IOU_THRESHOLD) & same_label
    rows, columns = linear_sum_assignment(-good.astype(float))
    return int(good[rows, columns].sum())
