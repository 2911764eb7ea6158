"""tracks: the mean over time of IoU, of the best one-to-one matching of tracks of the same label; a track that the other has not counts as
nought. Two empty answers agree."""

import numpy as np
from scipy.optimize import linear_sum_assignment

from consensus.core.regions.iou import to_corners
from consensus.core.regions.tracks import track_iou


def agreement(a: dict, b: dict, question: dict) -> float:
    mine, hers = a["tracks"], b["tracks"]
    if not mine or not hers:
        return float(not mine and not hers)
    alike = iou_matrix(mine, hers) * np.array([[one["label"] == other["label"] for other in hers] for one in mine])
    rows, columns = linear_sum_assignment(-alike)
    return float(2 * alike[rows, columns].sum() / (len(mine) + len(hers)))


def iou_matrix(a: list[dict], b: list[dict]) -> np.ndarray:
    """(len(a), len(b)) mean IoU over the time in which either track is there."""
    mine, hers = (list(map(_corners, tracks)) for tracks in (a, b))
    return np.array([[track_iou(one, other) for other in hers] for one in mine])


def _corners(track: dict) -> np.ndarray:
    keys = np.array(track["keys"], float)
    return np.hstack([keys[:, :1], to_corners(keys[:, 1:])])
