"""The first wrong step under the protocol: a table of where readers stopped, and the model; the mathematics, Dawid and Skene (1979)
asked step by step, is in first_fault.py."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ..answers.codes import mean_by, pairs_within
from ..answers.decisions import Decisions
from ..answers.ids import encode_answers
from ..answers.model import Gold, Model
from ..answers.skills import WorkerSkills
from .first_fault import FoundFault, Readers, find_faults, learn_readers, strangers


@dataclass(frozen=True, eq=False)
class Stops:
    """A answers on I items by W workers: item, worker (A,) codes; stop (A,) the place of the step, `steps[item]` where nothing is
    wrong; steps (I,); item_ids (I,), worker_ids (W,)."""

    item: np.ndarray
    worker: np.ndarray
    stop: np.ndarray
    steps: np.ndarray
    item_ids: np.ndarray = field(repr=False)
    worker_ids: np.ndarray = field(repr=False)

    @classmethod
    def from_rows(
        cls,
        items: Iterable[Hashable],
        workers: Iterable[Hashable],
        stops: Iterable[int],
        *,
        steps: int | Mapping[Hashable, int],
        item_ids: Sequence[Hashable] | None = None,
        worker_ids: Sequence[Hashable] | None = None,
    ) -> Stops:
        """Encode rows with ids of any hashable type; steps: how many an item has, or each by its id.

        Raises ValueError, in one sentence that names the argument, for unequal lengths, an unknown or missing id, an item of unknown
        length and a stop that is no place of its item.
        """
        item, worker, where, all_items, all_workers = encode_answers(items, workers, item_ids, worker_ids, stops=stops)
        lengths = _lengths(all_items.tolist(), steps)
        stop = np.array([_place(one, lengths[i]) for one, i in zip(where, item.tolist(), strict=True)], dtype=np.int64)
        return cls(item, worker, stop, lengths, all_items, all_workers)


def _lengths(ids: list, steps: int | Mapping[Hashable, int]) -> np.ndarray:
    if isinstance(steps, Mapping):
        if lost := next((one for one in ids if one not in steps), None):
            raise ValueError(f"steps: how many steps {lost!r} has is not said.")
        steps = [steps[one] for one in ids]  # type: ignore[assignment]
    lengths = np.broadcast_to(np.asarray(steps, dtype=np.int64), len(ids)).copy()
    if len(lengths) and lengths.min() < 1:
        raise ValueError("steps: an item has one step or more.")
    return lengths


def _place(stop: Any, length: int) -> int:
    if isinstance(stop, bool) or not isinstance(stop, int | np.integer) or not 0 <= stop <= length:
        raise ValueError(f"stops: {stop!r} is not one of the places 0 to {length}.")
    return int(stop)


class FirstFault(Model[Stops]):
    """The first wrong step, from where readers stopped who find it, miss it or see one where none is.

    A decision's value is the place of the step, and the number of steps where nothing is wrong; `chances` among the details holds the
    chance of each place.

    Parameters
    ----------
    near : int
        How many steps off still counts as right.
    """

    def __init__(self, near: int = 0, skills: WorkerSkills | None = None) -> None:
        super().__init__(skills)
        self.near = near

    @classmethod
    def newcomers(cls) -> WorkerSkills:
        """Before any answer."""
        return WorkerSkills({}, _of_crowd(strangers(0)))

    def _learn(self, answers: Stops, gold: Gold, history: Mapping) -> tuple[None, WorkerSkills]:
        known = np.array([_known(gold, *pair) for pair in zip(answers.item_ids.tolist(), answers.steps, strict=True)])
        known = known.astype(np.int64)
        names = answers.worker_ids.tolist()
        readers = learn_readers(answers.item, answers.worker, answers.stop, answers.steps, len(names), known)
        right = _accuracy(answers, readers)
        rows = zip(names, readers.finds.tolist(), readers.alarms.tolist(), right.tolist(), strict=True)
        own = {name: {"finds": finds, "alarms": alarms, "accuracy": sure} for name, finds, alarms, sure in rows}
        crowd = _of_crowd(readers, _mean_length(answers))
        return None, WorkerSkills(own, crowd, dict(zip(names, readers.read.astype(int).tolist(), strict=True)))

    def _apply(self, answers: Stops, skills: WorkerSkills) -> list[FoundFault]:
        names = answers.worker_ids.tolist()
        finds, alarms = (skills.column(key, names).astype(float).reshape(-1) for key in ("finds", "alarms"))
        of = skills.crowd
        read = np.zeros(len(names))
        readers = Readers(finds, alarms, read, of["finds"], of["alarms"], of["late"], of["hazard"])
        return find_faults(answers.item, answers.worker, answers.stop, answers.steps, readers)

    def _told(self, answers: Stops, found: list[FoundFault]) -> Decisions:
        chosen = [one.place if one.n_answers else None for one in found]
        sure = [self._near(one) if one.n_answers else 0.0 for one in found]
        counts = np.array([one.n_answers for one in found], dtype=np.int64)
        details = {"chances": [one.chances.tolist() for one in found]}
        return Decisions(answers.item_ids, chosen, np.array(sure), _agreement(answers), counts, details)

    def _near(self, one: FoundFault) -> float:
        """The chance that the truth lies as near as counts."""
        return float(one.chances[max(one.place - self.near, 0) : one.place + self.near + 1].sum())


def _known(gold: Gold, item: Hashable, length: int) -> int:
    return _place(gold[item], int(length)) if item in gold else -1


def _mean_length(answers: Stops) -> float:
    return float(answers.steps[answers.item].mean()) if len(answers.item) else 1.0


def _of_crowd(readers: Readers, length: float = 5.0) -> dict[str, float]:
    crowd = {"finds": readers.crowd_finds, "alarms": readers.crowd_alarms}
    right = _right(np.array(readers.crowd_finds), np.array(readers.crowd_alarms), readers.hazard, length)
    return {**crowd, "late": readers.late, "hazard": readers.hazard, "accuracy": float(right)}


def _accuracy(answers: Stops, readers: Readers) -> np.ndarray:
    """(W,) chance of each to say what is so of a trace of the mean length."""
    return _right(readers.finds, readers.alarms, readers.hazard, _mean_length(answers))


def _right(finds: np.ndarray, alarms: np.ndarray, hazard: float, length: float) -> np.ndarray:
    """The sum over the places of P(t) P(t | t)."""
    t = np.arange(max(round(length), 1))
    passed = ((1 - hazard) * (1 - alarms[..., None])) ** t
    none = ((1 - hazard) * (1 - alarms)) ** len(t)
    return (passed * hazard * finds[..., None]).sum(axis=-1) + none


def _agreement(answers: Stops) -> np.ndarray:
    """(I,) mean over pairs of answers of one less their distance in steps, as a share of all; nan below two answers."""
    order = np.argsort(answers.item, kind="stable")
    item, stop = answers.item[order], answers.stop[order]
    first, second = pairs_within(item)
    alike = 1 - np.abs(stop[first] - stop[second]) / answers.steps[item[first]]
    return mean_by(item[first], alike, len(answers.steps))
