"""Object keypoint similarity: OKS = mean over labelled points of exp(-d^2 / (2 s^2 k^2)), s^2 the object's area, k the point's constant.

As COCO does it (cocodataset.org/#keypoints-eval; Ronchi & Perona 2017, doi:10.1109/ICCV.2017.48): k = 2 sigma, sigma the usual
spread of people on that point. Points that the reference does not label do not count.
"""

from __future__ import annotations

import numpy as np

DEFAULT_SIGMA = 0.06  # mean of COCO's 17 body points
SMALLEST_AREA = 1.0  # pixels
THINNEST = 16.0  # length of a box by its width


def oks(
    points: np.ndarray,
    reference: np.ndarray,
    area: np.ndarray,
    visible: np.ndarray,
    sigma: np.ndarray | float = DEFAULT_SIGMA,
) -> np.ndarray:
    """(...,) similarity of points (..., P, 2) to reference (..., P, 2) in pixels; area (...,) of the reference object in square pixels;
    visible (..., P) bool: points that count. Without a visible point it is 1 where there is nothing to miss."""
    distance2 = ((np.asarray(points, dtype=float) - reference) ** 2).sum(axis=-1)
    scale = 2 * np.maximum(area, SMALLEST_AREA)[..., None] * (2 * np.broadcast_to(sigma, distance2.shape[-1:])) ** 2
    like = np.exp(-distance2 / scale) * visible
    n = np.sum(visible, axis=-1)
    return np.where(n > 0, like.sum(axis=-1) / np.maximum(n, 1), 1.0)


def symmetric_oks(
    a: np.ndarray,
    b: np.ndarray,
    visible_a: np.ndarray,
    visible_b: np.ndarray,
    sigma: np.ndarray | float = DEFAULT_SIGMA,
) -> np.ndarray:
    """(...,) OKS between two workers, neither the truth: the area is the mean of both boxes around the points, a point that only one of
    them sees counts as 0."""
    both, either = visible_a & visible_b, visible_a | visible_b
    area = (points_area(a, visible_a) + points_area(b, visible_b)) / 2
    n_both, n_either = both.sum(axis=-1), either.sum(axis=-1)
    like = oks(a, b, area, both, sigma)
    return np.where(n_either > 0, like * n_both / np.maximum(n_either, 1), 1.0)


def points_area(points: np.ndarray, visible: np.ndarray) -> np.ndarray:
    """(...,) area of the box around the visible points (..., P, 2), 0 with none. Points that lie on a line have a size, too: the box is
    taken to be at least a sixteenth as wide as it is long."""
    seen = np.asarray(visible, dtype=bool)[..., None]
    high = np.where(seen, points, -np.inf).max(axis=-2, initial=-np.inf)
    low = np.where(seen, points, np.inf).min(axis=-2, initial=np.inf)
    side = np.where(high >= low, high - np.where(high >= low, low, 0.0), 0.0)
    return np.maximum(side.prod(axis=-1), side.max(axis=-1) ** 2 / THINNEST)
