"""Consensus of points on the globe: the weighted spherical median of what several workers pinned.

The point with the least weighted sum of distances to the pins (geometric median; on the sphere Fletcher, Venkatasubramanian & Joshi 2009,
doi:10.1016/j.neuroimage.2008.10.052), found by Weiszfeld's iteration on unit vectors brought back to the sphere. People are right to a
few metres or wrong by a country, so a worker's spread is a mean of logarithms of distances, held to the crowd's; she weighs its inverse.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from .marks import as_figures

EARTH_M = 6_371_008.8  # mean radius
NEAREST_M = 1.0  # no distance counts as less
SPREAD_PRIOR_M = 1_000.0
STRENGTH = 5.0  # pins that hold a worker's spread to the crowd's
ROUNDS = 100
MAX_CELLS = 1_000_000  # pairs of pins at once


@dataclass(frozen=True)
class GeoSkills:
    """spread_m: (W,) typical distance from the consensus in metres; pins: (W,) behind it; crowd_spread_m: of a newcomer."""

    spread_m: np.ndarray
    pins: np.ndarray
    crowd_spread_m: float


@dataclass(frozen=True)
class MergedPoint:
    """latitude, longitude in degrees (nan without pins); confidence: chance to lie within `target_m` of the truth; agreement: share of
    pairs of pins within it (nan below two); error_m: weighted median distance of the pins."""

    latitude: float
    longitude: float
    confidence: float
    agreement: float
    error_m: float
    n_answers: int


def great_circle_m(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Distance in metres of unit vectors (..., 3), exact for near and far points alike."""
    return EARTH_M * 2 * np.arcsin(np.clip(np.linalg.norm(a - b, axis=-1) / 2, 0, 1))


def to_vectors(latitude: np.ndarray, longitude: np.ndarray) -> np.ndarray:
    """(n, 3) unit vectors of points in degrees. ValueError outside -90..90 and -180..180, or not finite."""
    refusal = "geopoints: latitude must lie in -90..90 and longitude in -180..180 degrees."
    latitude, longitude = (as_figures(x, refusal).reshape(-1) for x in (latitude, longitude))
    if not (np.abs(latitude) <= 90).all() or not (np.abs(longitude) <= 180).all():
        raise ValueError(refusal)
    phi, lam = np.radians(latitude), np.radians(longitude)
    return np.stack([np.cos(phi) * np.cos(lam), np.cos(phi) * np.sin(lam), np.sin(phi)], axis=1)


def merge_geopoints(
    item: np.ndarray,
    worker: np.ndarray,
    latitude: np.ndarray,
    longitude: np.ndarray,
    n_items: int,
    n_workers: int,
    skills: GeoSkills | None = None,
    target_m: float = 1_000.0,
) -> list[MergedPoint]:
    """Consensus of every item in one call. item, worker, latitude, longitude: (A,), one pin per answer. skills: from `learn_geo_skills`,
    else learned here. ValueError for pins off the globe, unequal lengths, codes out of range and skills of other workers."""
    item, worker, pins = _sorted(item, worker, latitude, longitude, n_items, n_workers)
    if skills is None:
        skills = _learn(item, worker, pins, n_items, n_workers)
    elif len(skills.spread_m) != n_workers:
        raise ValueError(f"skills: {len(skills.spread_m)} workers, but there are {n_workers}.")
    weight = 1 / skills.spread_m[worker]
    centre = spherical_medians(pins, weight, item, n_items)
    start = np.searchsorted(item, np.arange(n_items + 1))
    return [
        _merged(pins[a:b], weight[a:b], skills.spread_m[worker[a:b]], centre[i], target_m)
        for i, (a, b) in enumerate(pairwise(start.tolist()))
    ]


def learn_geo_skills(
    item: np.ndarray, worker: np.ndarray, latitude: np.ndarray, longitude: np.ndarray, n_items: int, n_workers: int
) -> GeoSkills:
    """Spread of every worker, from all pins given; arguments (A,) and refusals as in `merge_geopoints`."""
    item, worker, pins = _sorted(item, worker, latitude, longitude, n_items, n_workers)
    return _learn(item, worker, pins, n_items, n_workers)


def spherical_medians(pins: np.ndarray, weight: np.ndarray, item: np.ndarray, n_items: int) -> np.ndarray:
    """(N, 3) weighted medians of the unit vectors (A, 3) of each item, which come sorted by item; items without pins give nan."""
    centre = np.full((n_items, 3), np.nan)
    for items, rows in _alike(item, n_items):
        centre[items] = _medians(pins[rows], weight[rows][:, None])[:, 0]
    return centre


def medians_of_others(pins: np.ndarray, weight: np.ndarray, item: np.ndarray, n_items: int) -> np.ndarray:
    """(A, 3) for each pin the weighted median of the others of its item; nan where it is alone."""
    centre = np.full((len(item), 3), np.nan)
    for _, rows in _alike(item, n_items):
        if (n := rows.shape[1]) > 1:
            centre[rows] = _medians(pins[rows], weight[rows][:, None] * (1 - np.eye(n)))
    return centre


def _alike(item: np.ndarray, n_items: int) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """(items (G,), their rows (G, n)) of as many pins, so that no table is larger than MAX_CELLS."""
    start = np.searchsorted(item, np.arange(n_items + 1))
    count = np.diff(start)
    for n in np.unique(count[count > 0]).tolist():
        those = np.flatnonzero(count == n)
        for items in np.array_split(those, -(-len(those) * n * n // MAX_CELLS)):
            yield items, start[items][:, None] + np.arange(n)


def _medians(pins: np.ndarray, mass: np.ndarray) -> np.ndarray:
    """(G, m, 3) medians of the pins (G, n, 3) under the masses (G, m, n). The search starts at the pin with the least sum of distances,
    so that opposite points of the globe have an answer."""
    cost = np.where(mass > 0, mass @ great_circle_m(pins[:, :, None], pins[:, None]), np.inf)
    first = np.take_along_axis(pins, cost.argmin(axis=2)[..., None], axis=1)
    here, moving = first.copy(), np.arange(len(pins))
    for _ in range(ROUNDS):
        at = here[moving]
        there = (mass[moving] / np.maximum(_apart(at, pins[moving]), NEAREST_M)) @ pins[moving]
        there /= np.maximum(np.linalg.norm(there, axis=2, keepdims=True), 1e-12)
        here[moving] = there
        moving = moving[great_circle_m(at, there).max(axis=1) >= NEAREST_M / 100]
        if not len(moving):
            break
    better = (_apart(here, pins) * mass).sum(axis=2) < cost.min(axis=2)
    return np.where(better[..., None], here, first)


def _apart(points: np.ndarray, pins: np.ndarray) -> np.ndarray:
    """(G, m, n) metres of the points (G, m, 3) from the pins (G, n, 3)."""
    return great_circle_m(points[:, :, None], pins[:, None])


def _sorted(
    item: np.ndarray, worker: np.ndarray, latitude: np.ndarray, longitude: np.ndarray, n_items: int, n_workers: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The pins by item and place, so that the order of rows does not matter."""
    item, worker = (np.asarray(code, dtype=np.int64).reshape(-1) for code in (item, worker))
    pins = to_vectors(latitude, longitude)
    if not len(item) == len(worker) == len(pins):
        raise ValueError("geopoints: item, worker, latitude and longitude need one entry per pin.")
    for name, codes, n in (("item", item, n_items), ("worker", worker, n_workers)):
        if len(codes) and (codes.min() < 0 or codes.max() >= n):
            raise ValueError(f"geopoints: {name} codes must lie between 0 and {n - 1}.")
    order = np.lexsort((worker, *pins.T, item))
    return item[order], worker[order], pins[order]


def _learn(
    item: np.ndarray, worker: np.ndarray, pins: np.ndarray, n_items: int, n_workers: int, rounds: int = 5
) -> GeoSkills:
    """From how far each pin lies from where the others of its item say; a pin that measured itself would lie on its own consensus, and its
    worker's spread would shrink until she decides alone."""
    spread = np.full(n_workers, SPREAD_PRIOR_M)
    crowd = SPREAD_PRIOR_M
    several = np.bincount(item, minlength=n_items)[item] > 1
    item, worker, pins = item[several], worker[several], pins[several]
    count = np.bincount(worker, minlength=n_workers)
    for _ in range(rounds):
        centre = medians_of_others(pins, 1 / spread[worker], item, n_items)
        far = np.log(np.maximum(great_circle_m(pins, centre), NEAREST_M))
        total = np.bincount(worker, far, minlength=n_workers)
        mean = (STRENGTH * np.log(SPREAD_PRIOR_M) + total.sum()) / (STRENGTH + count.sum())
        crowd = float(np.exp(mean))
        spread = np.exp((STRENGTH * mean + total) / (STRENGTH + count))
    return GeoSkills(spread, count, crowd)


def _merged(
    pins: np.ndarray, weight: np.ndarray, spread_m: np.ndarray, centre: np.ndarray, target_m: float
) -> MergedPoint:
    n = len(pins)
    if not n:
        return MergedPoint(np.nan, np.nan, 0.0, np.nan, np.nan, 0)
    latitude = float(np.degrees(np.arctan2(centre[2], np.hypot(centre[0], centre[1]))))
    longitude = float(np.degrees(np.arctan2(centre[1], centre[0])))
    far = great_circle_m(pins, centre)
    order = np.argsort(far, kind="stable")
    middle = order[int(np.searchsorted(np.cumsum(weight[order]), weight.sum() / 2))]
    alone = target_m / (target_m + spread_m.min())
    near = float(weight @ (far <= target_m) / weight.sum())
    pairs = great_circle_m(pins[:, None], pins[None])[np.triu_indices(n, 1)]
    agreement = float((pairs <= target_m).mean()) if n > 1 else float("nan")
    confidence = (n * near + alone) / (n + 1) if n > 1 else alone
    return MergedPoint(latitude, longitude, float(confidence), agreement, float(far[middle]), n)
