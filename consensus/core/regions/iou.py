"""Intersection over union of boxes, ranges of time or text, polygons and masks.

Boxes are rows [x, y, width, height] unless a name says corners, [left, top, right, bottom].
"""

from __future__ import annotations

import numpy as np


def to_corners(boxes: np.ndarray) -> np.ndarray:
    """(n, 4) [x, y, w, h] -> [left, top, right, bottom]."""
    boxes = np.asarray(boxes, dtype=float).reshape(-1, 4)
    return np.hstack([boxes[:, :2], boxes[:, :2] + boxes[:, 2:]])


def from_corners(corners: np.ndarray) -> np.ndarray:
    """(n, 4) [left, top, right, bottom] -> [x, y, w, h]."""
    return np.hstack([corners[:, :2], corners[:, 2:] - corners[:, :2]])


def corner_iou(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """IoU of broadcast corner boxes (..., 4); 0 where both are empty."""
    low, high = np.maximum(a[..., :2], b[..., :2]), np.minimum(a[..., 2:], b[..., 2:])
    shared = np.clip(high - low, 0, None).prod(axis=-1)
    union = (a[..., 2:] - a[..., :2]).prod(axis=-1) + (b[..., 2:] - b[..., :2]).prod(axis=-1) - shared
    return shared / np.where(union > 0, union, 1.0)


def box_iou(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """(n, 4), (m, 4) boxes [x, y, w, h] -> (n, m) IoU."""
    return corner_iou(to_corners(a)[:, None], to_corners(b)[None])


def paired_range_iou(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """IoU of broadcast ranges [start, end) (..., 2) of time or text."""
    shared = np.clip(np.minimum(a[..., 1], b[..., 1]) - np.maximum(a[..., 0], b[..., 0]), 0, None)
    union = (a[..., 1] - a[..., 0]) + (b[..., 1] - b[..., 0]) - shared
    return shared / np.where(union > 0, union, 1.0)


def range_iou(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """(n, 2), (m, 2) ranges -> (n, m) IoU."""
    a, b = np.asarray(a, dtype=float).reshape(-1, 1, 2), np.asarray(b, dtype=float).reshape(1, -1, 2)
    return paired_range_iou(a, b)


def paired_polygon_iou(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """(n,) IoU of valid Shapely geometries (n,), (n,); only pairs whose bounding boxes touch are intersected."""
    import shapely

    out = np.zeros(len(a))
    touch = np.flatnonzero(corner_iou(shapely.bounds(a), shapely.bounds(b)) > 0)
    shared = shapely.area(shapely.intersection(a[touch], b[touch]))
    union = shapely.area(a[touch]) + shapely.area(b[touch]) - shared
    out[touch] = shared / np.where(union > 0, union, 1.0)
    return out


def polygon_iou(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """(n,), (m,) Shapely geometries -> (n, m) IoU; an STRtree finds the pairs that touch, so hundreds of scattered marks are cheap."""
    import shapely

    a, b = np.asarray(a, dtype=object), np.asarray(b, dtype=object)
    out = np.zeros((len(a), len(b)))
    if len(a) and len(b):
        left, right = shapely.STRtree(b).query(a)
        out[left, right] = paired_polygon_iou(a[left], b[right])
    return out


def mask_iou(a: np.ndarray, b: np.ndarray) -> float:
    """IoU of two boolean masks (H, W); two empty masks agree fully."""
    union = np.count_nonzero(a | b)
    return np.count_nonzero(a & b) / union if union else 1.0


def mask_iou_matrix(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """(n, H, W), (m, H, W) boolean masks -> (n, m) IoU, on packed bits; two empty masks agree fully."""
    left, right = (np.packbits(m.reshape(len(m), -1), axis=1) for m in (a, b))
    shared = np.array([np.bitwise_count(row & right).sum(axis=1) for row in left]).reshape(len(a), len(b))
    area_a, area_b = (np.bitwise_count(m).sum(axis=1, dtype=np.int64) for m in (left, right))
    union = area_a[:, None] + area_b[None] - shared
    return np.where(union > 0, shared / np.maximum(union, 1), 1.0)
