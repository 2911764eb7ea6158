"""boxes: F1 of the best one-to-one matching at an IoU threshold; two empty answers agree."""

import numpy as np

from labelling.task_types.matching import f1


def agreement(a: dict, b: dict, question: dict) -> float:
    """In 0..1. A matched pair needs IoU >= 0.5 and the same label."""
    return f1(a["boxes"], b["boxes"], iou_matrix)


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
