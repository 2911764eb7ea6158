"""What a project asks for: points with names, the lines between them, which are each other's mirror, how exactly each can be placed.

`config["skeleton"]` = {"points": [{"id", "name": {language: words}, "sigma_ppm"?, "mirror"?, "at"?}], "edges"?: [[id, id], ...]}.
sigma_ppm: the usual scatter of people on that point, in millionths of the square root of the figure's area (`consensus.core.regions.oks`).
mirror: the point on the other side of the body. at: [x, y] in per cent, where a small drawing of the skeleton has it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from consensus.core.regions.oks import DEFAULT_SIGMA

ONE, SEVERAL = "one", "several"
# Of COCO's 17 points of a body, measured on people (cocodataset.org/#keypoints-eval; left and right have the same).
COCO_SIGMA = {
    "nose": 0.026, "eye": 0.025, "ear": 0.035, "shoulder": 0.079, "elbow": 0.072, "wrist": 0.062, "hip": 0.107,
    "knee": 0.087, "ankle": 0.089,
}  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """ids: of the points in order. edges: pairs of their places. sigma: (P,). mirrors: pairs of places, each once."""

    points: tuple[Mapping[str, Any], ...]
    pairs: tuple[tuple[str, str], ...]

    @cached_property
    def ids(self) -> list[str]:
        return [point["id"] for point in self.points]

    @cached_property
    def edges(self) -> list[tuple[int, int]]:
        return [(self.ids.index(a), self.ids.index(b)) for a, b in self.pairs]

    @cached_property
    def sigma(self) -> np.ndarray:
        return np.array(
            [point["sigma_ppm"] / 1e6 if "sigma_ppm" in point else sigma_of(point["id"]) for point in self.points]
        )

    @cached_property
    def mirrored(self) -> list[int]:
        """The place of each point's mirror: its own, where it has none."""
        return [self.ids.index(point.get("mirror") or point["id"]) for point in self.points]

    def array(self, points: Mapping[str, list[int]]) -> np.ndarray:
        """(P, 3) x, y, v of a figure: 0, 0, 0 where a point is not there."""
        return np.array([points.get(one, (0, 0, 0)) for one in self.ids], dtype=float).reshape(-1, 3)


def asked_of(config: Mapping[str, Any]) -> Asked:
    skeleton = config["skeleton"]
    return Asked(tuple(skeleton["points"]), tuple((a, b) for a, b in skeleton.get("edges", [])))


def sigma_of(point_id: str) -> float:
    """COCO's, for a part that COCO has; else the mean of them."""
    return COCO_SIGMA.get(re.sub(r"^(left|right)[_-]", "", point_id), DEFAULT_SIGMA)
