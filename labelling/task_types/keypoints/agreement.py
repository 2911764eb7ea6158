"""keypoints: OKS of the best one-to-one matching of figures; two empty answers agree.

OKS (object keypoint similarity, cocodataset.org/#keypoints-eval; Ronchi & Perona 2017, doi:10.1109/ICCV.2017.48) with the sigma of each
point. Neither answer is the truth, so a point that only one of them has counts as 0 and the figure's area is the mean of both.
"""

from __future__ import annotations

from math import fsum

import numpy as np
from scipy.optimize import linear_sum_assignment

from consensus.core.regions.oks import symmetric_oks
from labelling.task_types.keypoints.skeleton import asked_of


def agreement(a: dict, b: dict, question: dict) -> float:
    """In 0..1: twice the similarity of the matched figures of one label, by the number of all figures."""
    figures = len(a["figures"]) + len(b["figures"])
    if not figures:
        return 1.0
    like = similarity(a["figures"], b["figures"], question)
    rows, columns = linear_sum_assignment(-like)
    return 2 * fsum(like[rows, columns]) / figures


def similarity(a: list[dict], b: list[dict], question: dict) -> np.ndarray:
    """(len(a), len(b)) OKS; 0 between figures of two labels."""
    if not a or not b:
        return np.zeros((len(a), len(b)))
    asked = asked_of(question["config"])
    p, q = (np.stack([asked.array(one["points"]) for one in figures]) for figures in (a, b))
    p, q = p[:, None], q[None, :]
    like = symmetric_oks(p[..., :2], q[..., :2], p[..., 2] > 0, q[..., 2] > 0, asked.sigma)
    return like * np.array([[one["label"] == other["label"] for other in b] for one in a])
