"""Points on the globe, one an answer, as a table and a model under the protocol; the mathematics is in geopoints.py."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from ..answers.decisions import Decisions
from ..answers.ids import encode_answers
from ..answers.model import Gold, Model
from ..answers.skills import WorkerSkills
from .geopoints import GeoSkills, MergedPoint, great_circle_m, learn_geo_skills, merge_geopoints, to_vectors

STRENGTH = 5.0  # pins that the others' measure of a worker counts as, beside those on gold


@dataclass(frozen=True, eq=False)
class Pins:
    """A pins on I items by W workers: item, worker (A,) codes; latitude, longitude (A,) degrees; item_ids (I,), worker_ids (W,)."""

    item: np.ndarray
    worker: np.ndarray
    latitude: np.ndarray
    longitude: np.ndarray
    item_ids: np.ndarray = field(repr=False)
    worker_ids: np.ndarray = field(repr=False)

    @classmethod
    def from_rows(
        cls,
        items: Iterable[Hashable],
        workers: Iterable[Hashable],
        points: Iterable[tuple[float, float]],
        *,
        item_ids: Sequence[Hashable] | None = None,
        worker_ids: Sequence[Hashable] | None = None,
    ) -> Pins:
        """Encode rows with ids of any hashable type; points are (latitude, longitude) in degrees.

        Raises ValueError, in one sentence that names the argument, for unequal lengths, an unknown or missing id and points off the globe.
        """
        item, worker, where, all_items, all_workers = encode_answers(
            items, workers, item_ids, worker_ids, points=points
        )
        latitude, longitude = ([point[side] for point in where] for side in (0, 1))
        to_vectors(np.array(latitude, dtype=object), np.array(longitude, dtype=object))
        return cls(item, worker, np.array(latitude, float), np.array(longitude, float), all_items, all_workers)

    @property
    def columns(self) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, int, int]:
        """item, worker, latitude, longitude (A,), I and W, as geopoints.py takes them."""
        return self.item, self.worker, self.latitude, self.longitude, len(self.item_ids), len(self.worker_ids)


class Places(Model[Pins]):
    """The weighted spherical median of what the workers pinned; the value is (latitude, longitude).

    Parameters
    ----------
    target_m : float
        How near the truth counts as right, in metres.
    """

    def __init__(self, target_m: float = 1_000.0, skills: WorkerSkills | None = None) -> None:
        super().__init__(skills)
        self.target_m = target_m

    def _learn(self, answers: Pins, gold: Gold, history: Mapping) -> tuple[None, WorkerSkills]:
        learned = learn_geo_skills(*_without(answers, gold))
        spread, pins = _with_gold(answers, learned, gold)
        names, counts = answers.worker_ids.tolist(), np.bincount(answers.worker, minlength=len(answers.worker_ids))
        rows = zip(names, spread.tolist(), pins.tolist(), strict=True)
        own = {name: {"spread_m": far, "pins": seen} for name, far, seen in rows}
        crowd = {"spread_m": learned.crowd_spread_m, "pins": 0.0}
        return None, WorkerSkills(own, crowd, dict(zip(names, counts.tolist(), strict=True)))

    def _find(self, answers: Pins) -> list[MergedPoint]:
        if self._gold:
            return self._apply(answers, self.skills)
        return merge_geopoints(*answers.columns, target_m=self.target_m)

    def _apply(self, answers: Pins, skills: WorkerSkills) -> list[MergedPoint]:
        names = answers.worker_ids.tolist()
        spread, pins = (skills.column(key, names).astype(float) for key in ("spread_m", "pins"))
        known = GeoSkills(spread, pins, skills.crowd["spread_m"])
        return merge_geopoints(*answers.columns, skills=known, target_m=self.target_m)

    def _told(self, answers: Pins, found: list[MergedPoint]) -> Decisions:
        chosen = [(one.latitude, one.longitude) if one.n_answers else None for one in found]
        names = ("confidence", "agreement", "n_answers", "error_m")
        sure, agreed, counts, error = (np.array([getattr(one, name) for one in found]) for name in names)
        return Decisions(answers.item_ids, chosen, sure, agreed, counts, {"error_m": error})


def _without(answers: Pins, gold: Gold) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, int, int]:
    """The columns without what is known: there nobody is measured by the others."""
    known = np.array([item in gold for item in answers.item_ids.tolist()], dtype=bool)
    asked = ~known[answers.item] if len(known) else np.zeros(0, dtype=bool)
    *columns, n_items, n_workers = answers.columns
    item, worker, latitude, longitude = (column[asked] for column in columns)
    return item, worker, latitude, longitude, n_items, n_workers


def _with_gold(answers: Pins, learned: GeoSkills, gold: Gold) -> tuple[np.ndarray, np.ndarray]:
    """(spread (W,), pins behind it (W,)): distances from known places count beside those from the consensus."""
    ids = answers.item_ids.tolist()
    rows = np.array([row for row, item in enumerate(answers.item.tolist()) if ids[item] in gold], dtype=np.int64)
    if not len(rows):
        return learned.spread_m, learned.pins
    truths = [gold[ids[item]] for item in answers.item[rows].tolist()]
    truth = to_vectors(*np.array(truths, dtype=float).T)
    far = np.maximum(great_circle_m(to_vectors(answers.latitude[rows], answers.longitude[rows]), truth), 1.0)
    n_workers = len(learned.spread_m)
    total = np.bincount(answers.worker[rows], np.log(far), minlength=n_workers)
    seen = np.bincount(answers.worker[rows], minlength=n_workers)
    behind = STRENGTH + learned.pins
    return np.exp((behind * np.log(learned.spread_m) + total) / (behind + seen)), learned.pins + seen
