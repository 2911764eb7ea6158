"""`auto` over shards, one pass at a time, with all that is known between two passes in one value.

`auto_on_shards` (sharding.py) waits for its passes; a platform of processes that come and go cannot. Here the same iteration is cut at
every pass:

    steps = Steps(n_labels)
    while (asked := steps.ask()) is not None:        # a job and its arguments, the same for every shard
        steps = steps.take(total)                    # the jobs' results, summed in the order of the shards
    steps.skills()                                   # what auto_on_shards returns, equal bit for bit

`Steps` holds arrays and numbers only; `to_arrays` and `from_arrays` keep it in a file between two processes (numpy.savez, no pickle).
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np

from ..labels.em import Statistics, counts_by_truth, run_fit
from ..labels.ensemble import ANCHOR, TYPES, beats, skills_from, tried_again
from ..labels.item_types import MAX_PASSES, TypesFit, fit_types
from ..labels.one_coin import Coins, CoinsFit, CoinStatistics, fit_coins
from ..labels.votes import confusion_fits
from .sharding import COIN_STRENGTH, AutoModel, ShardedSkills, all_attentive

STARTS = tuple((n, again) for place, n in enumerate(TYPES) for again in (False, True)[: 1 + (place > 0)])
STAGES = ("sizes", "one coin", *(f"{n} item type{'s' * (n > 1)}{', again' * again}" for n, again in STARTS), "skills")
SHARE = (0.02, 0.08, *(0.85 * n / sum(n for n, _ in STARTS) for n, _ in STARTS), 0.05)  # of the work, about


def tables_fit(workers: int, labels: int) -> bool:
    """Whether the workers' tables of all types are of a size that one process holds."""
    return confusion_fits(max(TYPES) * workers, labels)


class Asked(NamedTuple):
    """A job of sharding.JOBS for every shard, and its arguments."""

    job: str
    arguments: tuple


@dataclass(frozen=True, eq=False)
class Steps:
    """stage: index in STAGES, len(STAGES) when all is done; passes: done in this stage, its start not counted; n_items,
    n_votes of all shards; statistics of the last pass, or None at a stage's start; fits of the stages that are done; bound: evidence per
    vote after the last pass; moved, moved_before: what the last two passes moved, per vote; attentive (W,): of the last pass, in
    the stages of types."""

    n_labels: int
    n_iter: int = MAX_PASSES
    tol: float = 1e-3
    stage: int = 0
    passes: int = 0
    n_items: int = 0
    n_votes: int = 0
    statistics: tuple | None = None
    fits: tuple = ()
    bound: float = float("nan")
    moved: float = float("nan")
    moved_before: float = float("nan")
    chosen: Statistics | None = None
    attentive: np.ndarray | None = None

    def ask(self) -> Asked | None:
        """What every shard must do next; None when nothing is left."""
        if self.stage == len(STAGES):
            return None
        if self.stage == 0:
            return Asked("sizes", ())
        if self.stage == len(STAGES) - 1:
            return Asked("chosen", (self.model,))
        if self.statistics is None:
            return Asked("coin_start", ()) if self.stage == 1 else Asked("types_start", self._begin)
        wanted = next(self._fit())
        return Asked("coin_pass", wanted) if self.stage == 1 else Asked("pass", (*wanted, ANCHOR))

    def take(self, total: tuple) -> Steps:
        """The next state, from the results of the jobs just asked for."""
        if self.stage == 0:
            return replace(self, stage=1, n_items=int(total[0]), n_votes=int(total[1]))
        if self.stage == len(STAGES) - 1:
            return replace(self, stage=len(STAGES), chosen=Statistics(*total))
        if self.statistics is None:
            attentive = all_attentive(Statistics(*total), self.n_labels) if self._again else None
            begun = replace(self, statistics=total, passes=0, attentive=attentive)
            return replace(begun, moved=float("nan"), moved_before=float("nan"))
        fit = run_fit(self._fit(), lambda *_: (CoinStatistics if self.stage == 1 else Statistics)(*total))
        passes = self.passes + 1
        moved = float(np.abs(total[0] - self.statistics[0]).sum()) / max(self.n_votes, 1)
        attentive = None if self.stage == 1 else fit.attentive
        new = replace(self, passes=passes, statistics=total, bound=fit.bound, attentive=attentive)
        new = replace(new, moved=moved, moved_before=self.moved)
        if fit.converged or passes >= self.n_iter:
            return new._next_stage(replace(fit, n_iter=passes))
        return new

    def _next_stage(self, fit: CoinsFit | TypesFit) -> Steps:
        """The fit of this stage is done; of a model's two starts the better one stays."""
        if not self._again:
            fits = (*self.fits, fit)
        else:
            fits = (*self.fits[:-1], fit if beats(fit.bound, self.fits[-1].bound) else self.fits[-1])
        after = replace(self, stage=self.stage + 1, passes=0, statistics=None, fits=fits, attentive=None)
        skipped = after._again and not tried_again(fits[-1].bound, [other.bound for other in fits[:-1]])
        return replace(after, stage=after.stage + skipped)

    @property
    def model(self) -> AutoModel:
        """For the jobs "chosen" and "posteriors", once all stages but the last are done."""
        return AutoModel(self.fits[0], self.fits[1:])

    @property
    def stage_name(self) -> str:
        """Where it is, of STAGES."""
        return STAGES[min(self.stage, len(STAGES) - 1)]

    def skills(self) -> ShardedSkills:
        """What was learned; ValueError before the last pass."""
        if self.chosen is None:
            raise ValueError("skills are known when ask() gives None; there are passes left.")
        confusion, base, prior = skills_from(self.chosen, self.n_labels, None)
        return ShardedSkills(self.model, confusion, base.accuracy, base.crowd, prior)

    @property
    def decided_counts(self) -> np.ndarray:
        """(W, K, K) answers of all shards under the labels decided; ValueError before the last pass."""
        if self.chosen is None:
            raise ValueError("decided_counts are known when ask() gives None; there are passes left.")
        return counts_by_truth(self.chosen.counts, self.n_labels)

    def fraction(self) -> float:
        """About how much of the work is done, 0 to 1: within a stage, from how fast its passes settle."""
        if self.stage == len(STAGES):
            return 1.0
        within = 0.0 if self.statistics is None else self.passes / max(self.passes + self._passes_left(), 1)
        return sum(SHARE[: self.stage]) + SHARE[self.stage] * within

    def _passes_left(self) -> float:
        if not np.isfinite(self.moved_before) or self.moved <= 0:
            return self.n_iter / 2
        slower = np.clip(self.moved / max(self.moved_before, 1e-300), 0.3, 0.95)
        return float(np.clip(np.log(self.tol / self.moved) / np.log(slower), 1, self.n_iter - self.passes))

    @property
    def _n_types(self) -> int:
        return STARTS[self.stage - 2][0]

    @property
    def _again(self) -> bool:
        """Is this the second start of a model?"""
        return 2 <= self.stage < len(STAGES) - 1 and STARTS[self.stage - 2][1]

    @property
    def _begin(self) -> tuple:
        if not self._again:
            return (self._n_types,)
        simpler = self.fits[-2]
        return (self._n_types, simpler.tables, simpler.prior, ANCHOR)

    def _fit(self) -> Generator[tuple, Any, Any]:
        """The stage's own iteration from the statistics at hand: it yields the one pass that it wants next."""
        statistics = self.statistics or ()
        if self.stage == 1:
            sizes = (self.n_labels, self.n_items)
            return fit_coins(CoinStatistics(*statistics), *sizes, COIN_STRENGTH, None, 1, self.tol)
        shape = (self.n_labels, self._n_types)
        begun, n_iter = Statistics(*statistics), 1
        return fit_types(begun, shape, self.n_votes, None, n_iter, self.tol, attentive=self.attentive)

    def to_arrays(self) -> dict[str, np.ndarray]:
        """Named arrays without objects, for numpy.savez; the largest are tables (W*K, T)."""
        numbers = [self.n_labels, self.n_iter, self.stage, self.passes, self.n_items, self.n_votes]
        arrays = {"whole": np.array(numbers), "real": np.array([self.tol, self.bound, self.moved, self.moved_before])}
        arrays |= _named("statistics", self.statistics) | _named("chosen", self.chosen)
        arrays |= {} if self.attentive is None else {"attentive": self.attentive}
        return arrays | {f"fits.{key}": value for key, value in fits_to_arrays(self.fits).items()}

    @classmethod
    def from_arrays(cls, arrays: dict[str, np.ndarray]) -> Steps:
        """The steps that `to_arrays` wrote down: named arrays, (W*K, T) the largest."""
        n_labels, n_iter, stage, passes, n_items, n_votes = (int(number) for number in arrays["whole"])
        tol, bound, moved, moved_before = (float(number) for number in arrays["real"])
        chosen = _unnamed("chosen", arrays)
        return cls(
            *(n_labels, n_iter, tol, stage, passes, n_items, n_votes, _unnamed("statistics", arrays)),
            fits_from_arrays({key[5:]: value for key, value in arrays.items() if key.startswith("fits.")}),
            *(bound, moved, moved_before, Statistics(*chosen) if chosen else None),
            attentive=arrays.get("attentive"),
        )


def fits_to_arrays(fits: tuple) -> dict[str, np.ndarray]:
    """The fits of an AutoModel, coins first, as named arrays, tables (W*K, T) among them."""
    arrays: dict[str, np.ndarray] = {}
    for place, fit in enumerate(fits):
        ends = np.array([fit.bound, fit.n_iter, fit.converged], dtype=float)
        coins = (fit.coins.right, fit.coins.wrong, fit.coins.prior, fit.weights) if place == 0 else ()
        arrays |= _named(str(place), (*coins, ends) if place == 0 else (fit.tables, fit.prior, ends))
    return arrays


def fits_from_arrays(arrays: dict[str, np.ndarray]) -> tuple:
    """The fits that `fits_to_arrays` wrote down, with their (W*K, T) tables."""
    fits: list[CoinsFit | TypesFit] = []
    while (parts := _unnamed(str(len(fits)), arrays)) is not None:
        bound, n_iter, converged = (float(number) for number in parts[-1])
        done, settled = int(n_iter), bool(converged)
        if fits:
            fits.append(TypesFit(parts[0], parts[1], bound, done, settled, None))
        else:
            fits.append(CoinsFit(Coins(*parts[:3]), parts[3], bound, done, settled))
    return tuple(fits)


def _named(name: str, parts: tuple | None) -> dict[str, np.ndarray]:
    return {} if parts is None else {f"{name}.{place}": np.asarray(part) for place, part in enumerate(parts)}


def _unnamed(name: str, arrays: dict[str, np.ndarray]) -> tuple | None:
    """The parts of that name in order, 0-dimensional arrays as numbers again."""
    parts: list[Any] = []
    while (key := f"{name}.{len(parts)}") in arrays:
        parts.append(arrays[key] if arrays[key].ndim else arrays[key].item())
    return tuple(parts) or None
