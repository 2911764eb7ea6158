"""polygons: F1 of the best one-to-one matching at an IoU threshold; two empty answers agree."""

import numpy as np
import shapely

from labelling.task_types.matching import IOU_THRESHOLD, f1
from labelling.task_types.polygons.rings import polygons_of


def agreement(a: dict, b: dict, question: dict) -> float:
    """In 0..1. A matched pair needs IoU >= 0.5 and the same label."""
    return f1(a["polygons"], b["polygons"], iou_matrix)


def iou_matrix(a: list[dict], b: list[dict]) -> np.ndarray:
    """(len(a), len(b)) intersection over union of areas; 0 where labels and sizes say already that a pair cannot match."""
    p, q = polygons_of(a), polygons_of(b)
    rows, columns = np.nonzero(_may_match(a, b, p, q))
    inter = shapely.area(shapely.intersection(p[rows], q[columns]))
    found = np.zeros((len(a), len(b)))
    found[rows, columns] = inter / (shapely.area(p)[rows] + shapely.area(q)[columns] - inter)
    return found


def _may_match(a: list[dict], b: list[dict], p: np.ndarray, q: np.ndarray) -> np.ndarray:
    """IoU >= t needs an area shared of t / (1 + t) of both areas together, and no more is shared than of their boxes."""
    same_label = np.array([[one["label"] == other["label"] for other in b] for one in a])
    left, right = shapely.bounds(p)[:, None, :], shapely.bounds(q)[None, :, :]
    size = np.clip(np.minimum(left[..., 2:], right[..., 2:]) - np.maximum(left[..., :2], right[..., :2]), 0, None)
    areas = shapely.area(p)[:, None], shapely.area(q)[None, :]
    most = np.minimum(np.minimum(*areas), size[..., 0] * size[..., 1])
    return same_label & (most >= IOU_THRESHOLD / (1 + IOU_THRESHOLD) * (areas[0] + areas[1]) * (1 - 1e-9))
