"""Comparisons of two items under the protocol: what is decided is each item's place among the others."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from scipy.special import ndtr

from ..answers.decisions import Decisions
from ..answers.ids import id_array
from ..answers.model import Gold, Model
from ..answers.skills import WorkerSkills
from .bradley_terry import bradley_terry, crowd_bradley_terry
from .pairwise import LEFT, OUTCOMES, RIGHT, Comparisons, Ranking

GOLD_TIMES = 20  # comparisons that a known order counts as, of a worker who looks


class Held(NamedTuple):
    """Workers as known from earlier: looks (W,), habits (W, 3)."""

    looks: np.ndarray
    habits: np.ndarray


class CrowdBradleyTerry(Model[Comparisons]):
    """Bradley-Terry scores with ties, and workers who look at a pair or answer by habit.

    A decision's value is the item's score (log strength, mean 0 in its group); `error` among the details is its standard error, `rank`
    its place in the group from 1. Confidence is the chance that the item stands right towards its neighbours in the ranking.
    gold: {(better item, worse item): "left"}, or "tie", with items named as in the table.

    Parameters
    ----------
    spread : float, optional
        Standard deviation of the scores before any comparison; default: learned.
    sided : bool, optional
        Whether left and right are the places that the worker saw. Where they are not, a habit is alike of both.
    """

    _workers = True

    def __init__(self, spread: float | None = None, skills: WorkerSkills | None = None, sided: bool = True) -> None:
        super().__init__(skills)
        self.spread, self.sided = spread, sided

    def ranking(self, answers: Comparisons) -> Ranking:
        """The whole ranking: chances of pairs, and which comparison is worth most; of the table fitted, or under the skills."""
        known = self._found if self._table is answers else None
        return self._apply(answers, self.skills) if known is None else known

    def _learn(self, answers: Comparisons, gold: Gold, history: Mapping) -> tuple[Ranking, WorkerSkills]:
        table = _with_known(answers, gold)
        if self._workers:
            result = crowd_bradley_terry(table, self.spread, sided=self.sided)
        else:
            result = bradley_terry(table, self.spread)
        return result, _packed(answers, result)

    def _apply(self, answers: Comparisons, skills: WorkerSkills) -> Ranking:
        names = answers.worker_ids.tolist()
        looks, habits = (skills.column(name, names) for name in ("reliability", "habits"))
        return bradley_terry(answers, self.spread, held=Held(looks.reshape(-1), habits.reshape(-1, 3)))

    def _told(self, answers: Comparisons, found: Ranking) -> Decisions:
        sure, rank = _neighbours(found, answers)
        counts = np.bincount(answers.left, answers.times, minlength=answers.n_items)
        counts += np.bincount(answers.right, answers.times, minlength=answers.n_items)
        details = {"error": found.errors, "rank": rank}
        agreed = _agreed(found, answers, counts)
        return Decisions(answers.item_ids, found.scores.tolist(), sure, agreed, counts.astype(int), details)

    def decide(self, answers: Comparisons) -> Decisions:
        """As every model's; a known order pulls the scores, and is no score itself."""
        return self._told(answers, self.ranking(answers))


class BradleyTerry(CrowdBradleyTerry):
    """The same with workers who are all alike (Bradley and Terry 1952, doi:10.1093/biomet/39.3-4.324)."""

    _workers = False


def _with_known(table: Comparisons, gold: Gold) -> Comparisons:
    """The table with the known orders, each as said GOLD_TIMES by one more worker. ValueError for items that are not in it."""
    if not gold:
        return table
    code = {item: place for place, item in enumerate(table.item_ids.tolist())}
    if lost := next((item for pair in list[Any](gold) for item in pair if item not in code), None):
        raise ValueError(f"gold: {lost!r} is not one of the items that were compared.")
    if wrong := next((said for said in gold.values() if said not in OUTCOMES), None):
        raise ValueError(f"gold: {wrong!r} must be one of {', '.join(OUTCOMES)}.")
    named: Any = list(gold)
    pairs = np.array([[code[a], code[b]] for a, b in named] * GOLD_TIMES)
    said = np.array([OUTCOMES.index(outcome) for outcome in gold.values()] * GOLD_TIMES)
    times = table.times.astype(int)
    old = [np.repeat(column, times) for column in (table.left, table.right, table.worker, table.outcome)]
    new = [pairs[:, 0], pairs[:, 1], np.full(len(said), table.n_workers), said]
    left, right, worker, outcome = (np.concatenate(both) for both in zip(old, new, strict=True))
    workers = id_array([*table.worker_ids.tolist(), object()])
    return Comparisons.from_codes(left, right, worker, outcome, table.item_ids, workers, table.group_of_item)


def _packed(table: Comparisons, found: Ranking) -> WorkerSkills:
    names, seen = table.worker_ids.tolist(), table.per_worker(table.times)
    rows = zip(names, found.reliability.tolist(), found.habits.tolist(), found.tie_weight.tolist(), strict=False)
    own = {who: {"reliability": r, "habits": h, "tie_weight": max(t, -1e9), "accuracy": r} for who, r, h, t in rows}
    crowd: dict[str, object] = {"tie_weight": max(float(found.crowd_tie_weight), -1e9), "spread": float(found.spread)}
    looks = found.reliability[: len(names)]
    crowd["reliability"] = crowd["accuracy"] = float(looks.mean()) if len(names) else 1.0
    crowd["habits"] = found.habits[: len(names)].mean(axis=0).tolist() if len(names) else [1 / 3] * 3
    return WorkerSkills(own, crowd, dict(zip(names, seen.astype(int).tolist(), strict=True)))


def _neighbours(found: Ranking, table: Comparisons) -> tuple[np.ndarray, np.ndarray]:
    """(confidence (I,), rank (I,) from 1): the mean chance of an item's order with the one above it and the one below."""
    group = table.group_of_item[found.order]
    upper, lower = found.order[:-1], found.order[1:]
    inside = group[:-1] == group[1:]
    gap = found.scores[upper] - found.scores[lower]
    chance = ndtr(gap / np.maximum(np.hypot(found.errors[upper], found.errors[lower]), 1e-12))[inside]
    total, times = np.zeros(table.n_items), np.zeros(table.n_items)
    for side in (upper[inside], lower[inside]):
        np.add.at(total, side, chance)
        np.add.at(times, side, 1)
    first = np.flatnonzero(np.append(True, ~inside)) if len(group) else np.zeros(0, dtype=np.int64)
    start = np.repeat(first, np.diff(np.append(first, len(group))))
    rank = np.empty(table.n_items, dtype=np.int64)
    rank[found.order] = np.arange(len(group)) - start + 1
    return np.where(times > 0, total / np.maximum(times, 1), 1.0), rank


def _agreed(found: Ranking, table: Comparisons, counts: np.ndarray) -> np.ndarray:
    """(I,) share of an item's comparisons, without ties, that go with the ranking; nan without any."""
    ahead = found.scores[table.left] > found.scores[table.right]
    goes = np.where(ahead, table.outcome == LEFT, table.outcome == RIGHT) * table.times
    clear = ((table.outcome == LEFT) | (table.outcome == RIGHT)) * table.times
    both = [np.bincount(side, w, minlength=table.n_items) for w in (goes, clear) for side in (table.left, table.right)]
    agreed, told = both[0] + both[1], both[2] + both[3]
    return np.where(told > 0, agreed / np.maximum(told, 1), np.nan)
