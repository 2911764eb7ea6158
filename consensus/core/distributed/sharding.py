"""EM over more votes than one machine holds: statistics are summed over shards, everything else happens in one place.

A shard is the Votes on some items, with all workers and labels of the whole (Votes.select_items keeps them). A runner does
one named job on every shard and yields the results in the order of the shards: `run_locally` here, a Celery group
elsewhere. Jobs are pure and hold no state between calls, so a lost process costs only its shard's job again. Memory
per job: one shard plus tables of (W*K, T) numbers. Sums in shard order: the result is that of one machine up to rounding.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np

from ..answers.bar import Known
from ..labels.dawid_skene import DawidSkeneFit, fit_dawid_skene
from ..labels.em import Statistics, em_pass, run_fit, statistics_of
from ..labels.ensemble import ANCHOR, TYPES, beats, one_hot, pool, right_and_wrong, skills_from, tried_again
from ..labels.held_out import most_votes
from ..labels.item_types import MAX_PASSES, TypesFit, fit_types, offsets_of, start_of_types, sum_types
from ..labels.majority import vote_shares
from ..labels.one_coin import CoinLooks, CoinsFit, CoinStatistics, fit_coins
from ..labels.result import choose, clamp
from ..labels.softening import Softening, learn_softening
from ..labels.votes import Votes

COIN_STRENGTH = 4.0


class Shard(NamedTuple):
    """votes and the gold codes (I,) of its items, or None."""

    votes: Votes
    gold: np.ndarray | None = None


Runner = Callable[[str, tuple], Iterable[Any]]
Watch = Callable[[str, int], None]


class Cancelled(Exception):
    """The caller's `cancelled` said yes; nothing is left behind."""


@dataclass(frozen=True, eq=False)
class AutoModel:
    """What a shard needs to decide its items by the default method. A few (W*K, T) tables; safe to pickle."""

    coins: CoinsFit
    types: tuple[TypesFit, ...]


@dataclass(frozen=True, eq=False)
class ShardedSkills:
    """model for the job "posteriors"; confusion (W, K, K), accuracy (W,), pooled (K, K), prior (K,) as in Skills."""

    model: AutoModel
    confusion: np.ndarray
    accuracy: np.ndarray
    pooled: np.ndarray
    prior: np.ndarray


def split_votes(votes: Votes, n_shards: int, gold: np.ndarray | None = None) -> list[Shard]:
    """Contiguous runs of items, about equally many votes each."""
    ends = np.searchsorted(votes.item_starts, np.linspace(0, votes.n_votes, n_shards + 1)[1:-1])
    cuts = [0, *ends.tolist(), votes.n_items]
    ranges = [slice(lo, hi) for lo, hi in pairwise(cuts)]
    return [Shard(votes.select_items(cut), None if gold is None else gold[cut]) for cut in ranges]


def run_locally(shards: Sequence[Shard]) -> Runner:
    """A runner that does the jobs one after the other in this process."""
    return lambda job, arguments: (run_job(job, shard, *arguments) for shard in shards)


def softening_of(shards: Iterable[Shard], skills: ShardedSkills, counts: np.ndarray) -> tuple[Softening, Known | None]:
    """How sure sums by these skills may be, and the known items as they would have been decided, from as many of the shards as are enough;
    their workers are known from all: counts (W, K, K) of answers under the labels decided."""
    taken: list[Shard] = []
    for shard in shards:
        taken.append(shard)
        if sum(one.votes.n_votes for one in taken) >= most_votes(shard.votes.n_labels):
            break
    votes, gold = _joined(taken)
    labels = np.concatenate([choose(_posteriors(shard, skills.model)) for shard in taken])
    return learn_softening(votes, labels, skills.confusion, skills.prior, gold, counts)


def _joined(shards: list[Shard]) -> Shard:
    starts = np.cumsum([0, *(shard.votes.n_items for shard in shards)])
    items = np.concatenate([shard.votes.item_codes + low for shard, low in zip(shards, starts, strict=False)])
    workers, answers = (
        np.concatenate([getattr(shard.votes, name) for shard in shards]) for name in ("worker_codes", "answer_codes")
    )
    first = shards[0].votes
    votes = Votes.from_codes(items, workers, answers, int(starts[-1]), first.worker_ids, first.labels)
    golds = [np.full(one.votes.n_items, -1) if one.gold is None else one.gold for one in shards]
    return Shard(votes, np.concatenate(golds))


def run_job(job: str, shard: Shard, *arguments: Any) -> Any:
    """Do one job on one shard: the body of a remote task."""
    return JOBS[job](shard, *arguments)


def auto_on_shards(
    runner: Runner,
    history: np.ndarray | None = None,
    n_iter: int = MAX_PASSES,
    tol: float = 1e-3,
    progress: Watch = lambda stage, n_iter: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> ShardedSkills:
    """`auto` on shards. progress(stage, passes done) is called before every pass; Cancelled is raised when cancelled()."""
    ask = _Asker(runner, progress, cancelled)
    n_items, n_votes, n_labels = ask.sizes()
    begin = CoinStatistics(*ask.sums("coin_start"))
    coins = run_fit(
        fit_coins(begin, n_labels, n_items, COIN_STRENGTH, right_and_wrong(history), n_iter, tol),
        lambda weights: CoinStatistics(*ask.sums("coin_pass", weights)),
    )

    def fitted(n_types: int, simpler: TypesFit | None) -> TypesFit:
        return _fit_types(ask, n_types, simpler, (n_labels, n_votes), history, n_iter, tol)

    types = [fitted(TYPES[0], None)]
    bounds = [coins.bound, types[0].bound]
    for n_types in TYPES[1:]:
        fit, simpler = fitted(n_types, None), types[-1]
        if tried_again(fit.bound, bounds) and beats((again := fitted(n_types, simpler)).bound, fit.bound):
            fit = again
        types.append(fit)
        bounds.append(fit.bound)
    model = AutoModel(coins, tuple(types))
    confusion, base, prior = skills_from(Statistics(*ask.sums("chosen", model)), n_labels, history)
    return ShardedSkills(model, confusion, base.accuracy, base.crowd, prior)


def dawid_skene_on_shards(runner: Runner, n_iter: int = 100, tol: float = 1e-5) -> DawidSkeneFit:
    """Plain Dawid-Skene on shards; the job "dawid_skene_posteriors" with the fit then gives a shard's posteriors."""
    ask = _Asker(runner)
    _, n_votes, n_labels = ask.sizes()
    begin = Statistics(*ask.sums("dawid_skene_start"))
    return run_fit(
        fit_dawid_skene(begin, n_labels, n_votes, n_iter, tol),
        lambda tables, prior: Statistics(*ask.sums("pass", tables, prior, 0.0)),
    )


class _Asker:
    """Sums the tuples that a job gives on each shard, and watches for progress and cancellation."""

    def __init__(self, runner: Runner, progress: Watch = lambda *_: None, cancelled: Callable = lambda: False) -> None:
        self.runner, self.progress, self.cancelled = runner, progress, cancelled
        self.done: dict[str, int] = {}

    def sizes(self) -> tuple[int, int, int]:
        """(items, votes, labels) of all shards together."""
        found = list(self.runner("sizes", ()))
        if len({labels for _, _, labels in found}) != 1:
            raise ValueError("shards must have the same workers and labels; cut them with Votes.select_items.")
        return sum(size[0] for size in found), sum(size[1] for size in found), found[0][2]

    def sums(self, job: str, *arguments: Any) -> tuple:
        if self.cancelled():
            raise Cancelled(job)
        self.progress(job, self.done.get(job, 0))
        total: list = []
        for result in self.runner(job, arguments):
            total = [x + y for x, y in zip(total, result, strict=True)] if total else list(result)
        self.done[job] = self.done.get(job, 0) + 1
        return tuple(total)


def _fit_types(
    ask: _Asker, n_types: int, simpler: TypesFit | None, sizes: tuple[int, int], history, n_iter: int, tol: float
) -> TypesFit:
    """sizes: (labels, votes). simpler: the fit to start from; None: the vote shares."""
    known = () if simpler is None else (simpler.tables, simpler.prior, ANCHOR)
    begin = Statistics(*ask.sums("types_start", n_types, *known))

    def expect(tables: np.ndarray, prior: np.ndarray) -> Statistics:
        return Statistics(*ask.sums("pass", tables, prior, ANCHOR))

    attentive = None if simpler is None else all_attentive(begin, sizes[0])
    fit = fit_types(begin, (sizes[0], n_types), sizes[1], history, n_iter, tol, attentive=attentive)
    return run_fit(fit, expect)


def all_attentive(begin: Statistics, n_labels: int) -> np.ndarray:
    """(W,): how the second start of a model begins."""
    return np.ones(len(begin.counts) // max(n_labels, 1))


def _sizes(shard: Shard) -> tuple[int, int, int]:
    return shard.votes.n_items, shard.votes.n_votes, shard.votes.n_labels


def _coin_start(shard: Shard) -> CoinStatistics:
    looks = CoinLooks(*shard, ANCHOR)
    return looks.statistics(looks.start(), None)


def _coin_pass(shard: Shard, weights: np.ndarray) -> CoinStatistics:
    looks = CoinLooks(*shard, ANCHOR)
    return looks.statistics(looks.belief(weights), weights)


def _types_start(shard: Shard, n_types: int, *simpler: Any) -> Statistics:
    """From the vote shares, or from what a simpler fit says: its tables, its prior and the anchor."""
    begin = _by_label(shard, *simpler) if simpler else None
    return statistics_of(shard.votes, start_of_types(shard.votes, n_types, shard.gold, begin))


def _by_label(shard: Shard, tables: np.ndarray, prior: np.ndarray, anchor: float) -> np.ndarray:
    """(I, K) under a fit of item_types.py."""
    votes, gold = shard
    by_type = em_pass(votes, tables, prior, gold, offsets=offsets_of(votes, anchor)).posteriors
    return sum_types(by_type, by_type.shape[1] // votes.n_labels)


def _pass(shard: Shard, tables: np.ndarray, prior: np.ndarray, anchor: float) -> Statistics:
    return em_pass(shard.votes, tables, prior, shard.gold, offsets=offsets_of(shard.votes, anchor)).statistics


def _posteriors(shard: Shard, model: AutoModel) -> np.ndarray:
    """(I, K) of the shard under a fitted default."""
    votes, gold = shard
    looks = CoinLooks(votes, gold, ANCHOR)
    found = [looks.posteriors(looks.belief(model.coins.weights))]
    found += [_by_label(shard, fit.tables, fit.prior, ANCHOR) for fit in model.types]
    return clamp(pool(votes, found, [model.coins.bound] + [fit.bound for fit in model.types]), gold)


def _chosen(shard: Shard, model: AutoModel) -> Statistics:
    return statistics_of(shard.votes, one_hot(_posteriors(shard, model)))


def _dawid_skene_start(shard: Shard) -> Statistics:
    return statistics_of(shard.votes, clamp(vote_shares(shard.votes), shard.gold))


def _dawid_skene_posteriors(shard: Shard, fit: DawidSkeneFit) -> np.ndarray:
    return em_pass(shard.votes, fit.log_tables, fit.log_prior, shard.gold).posteriors


JOBS: dict[str, Callable] = {
    "sizes": _sizes,
    "coin_start": _coin_start,
    "coin_pass": _coin_pass,
    "types_start": _types_start,
    "pass": _pass,
    "chosen": _chosen,
    "posteriors": _posteriors,
    "dawid_skene_start": _dawid_skene_start,
    "dawid_skene_posteriors": _dawid_skene_posteriors,
}
