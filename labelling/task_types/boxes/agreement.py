"""boxes: F1 of the best one-to-one matching at an IoU threshold; two empty answers agree."""

import numpy as np
from scipy.optimize import linear_sum_assignment

IOU_THRESHOLD = 0.5


def agreement(a: dict, b: dict, question: dict) -> float:
    """In 0..1. A matched pair needs IoU >= 0.5 and the same label."""
    total = len(a["boxes"]) + len(b["boxes"])
    return 2 * matches(a["boxes"], b["boxes"]) / total if total else 1.0


def matches(a: list[dict], b: list[dict]) -> int:
    if not a or not b:
        return 0
    good = (iou_matrix(a, b) >= IOU_THRESHOLD) & same_label(a, b)
    rows, columns = linear_sum_assignment(-good.astype(float))
    return int(good[rows, columns].sum())


def same_label(a: list[dict], b: list[dict]) -> np.ndarray:
    return np.array([[one["label"] == other["label"] for other in b] for one in a])


def iou_matrix(a: list[dict], b: list[dict]) -> np.ndarray:
    """(len(a), len(b)) intersection over union of pixel areas."""
    p, q = corners(a)[:, None, :], corners(b)[None, :, :]
    size = np.clip(np.minimum(p[..., 2:], q[..., 2:]) - np.maximum(p[..., :2], q[..., :2]), 0, None)
    inter = size[..., 0] * size[..., 1]
    return inter / (_area(p) + _area(q) - inter)


def corners(boxes: list[dict]) -> np.ndarray:
    """(n, 4) left, top, right, bottom in pixels."""
    return np.array([[b["x"], b["y"], b["x"] + b["width"], b["y"] + b["height"]] for b in boxes], float).reshape(-1, 4)


def _area(corner: np.ndarray) -> np.ndarray:
    return (corner[..., 2] - corner[..., 0]) * (corner[..., 3] - corner[..., 1])
