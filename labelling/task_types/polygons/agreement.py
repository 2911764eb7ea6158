"""polygons: F1 of the best one-to-one matching at an IoU threshold; two empty answers agree."""

import numpy as np
import shapely

from labelling.task_types.matching import f1
from labelling.task_types.polygons.rings import polygons_of


def agreement(a: dict, b: dict, question: dict) -> float:
    """In 0..1. A matched pair needs IoU >= 0.5 and the same label."""
    return f1(a["polygons"], b["polygons"], iou_matrix)


def iou_matrix(a: list[dict], b: list[dict]) -> np.ndarray:
    """(len(a), len(b)) intersection over union of areas."""
    p, q = polygons_of(a)[:, None], polygons_of(b)[None, :]
    inter = shapely.area(shapely.intersection(p, q))
    return inter / (shapely.area(p) + shapely.area(q) - inter)
