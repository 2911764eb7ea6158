"""How sure a sum of votes may be: learned for each project from votes that were held out, and from its known items.

The confidence of an item of n votes with scores S (prior and votes, in nats) is, of its best label,

    (1 - shared) softmax(S power / (1 + correlation (n - 1))) + shared / K.

`power` and `correlation` are learned without any truth: on each item every vote is predicted from the others, by P(answer) = sum over
labels of softmax(...) times the worker's matrix, itself to the `power`; workers are known from all other items (held_out.py). What is too
sure predicts the next vote badly. 1 / (1 + correlation (n - 1)) is the design effect of L. Kish (Survey Sampling, 1965): n votes
that go together are worth less than n. Priors: power log-normal around 1, correlation uniform from 0 to 1, both on a grid.

`shared` is what no vote can show: items on which the whole crowd goes wrong together. Known items show it: how much likelier
their truth is with it. Its prior mean is an error of 3.3 %, the mean over ten published data sets of the labels found wrong (C. G.
Northcutt, A. Athalye, J. Mueller, Pervasive Label Errors in Test Sets Destabilize Machine Learning Benchmarks, NeurIPS Datasets and
Benchmarks 2021), worth MIN_GOLD known items. Fewer than these can raise it only: five that are right by chance must not make a project
surer than none. From MIN_GOLD on they also set the power: it is corrected by a factor, of the same
prior. What is said is the mean over all that is possible, by its weight: a project that knows little is less sure. Where the crowd is right
on its known items no more often than by chance, no confidence is stated at all. What would have been said of a known item is asked of the
others alone (leave one out, Stone 1974, as in held_out.py): one on which all are wrong must not lower, itself, how sure it would have been.

The figures are then fitted once more, so that the sums by the published tables, which know each item's own decision, say what
the held-out ones say.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ..answers.bar import Known
from .em import tables_by_answer
from .held_out import HeldOut, counts_of, held_out, sampled
from .known_paths import known_paths
from .result import softmax_rows
from .votes import Votes

STEP = 0.2  # of the log of a power
POWERS = np.exp(STEP * np.arange(-11, 4))
FACTORS = np.exp(STEP * np.arange(-8, 9))
FOLDS = 400  # of the known items, each left out in turn
CORRELATIONS = np.linspace(0.0, 1.0, 6)
MIN_WEIGHT = 1e-3  # of a point of the grid
POWER_SPREAD = 0.5  # of the log of the power, and of what known items change of it, before anything is known
ERRORS = np.concatenate([[0.001, 0.005], np.arange(1, 40) / 40])
PRIOR_ERROR = 0.033
MIN_GOLD = 10
UNIT = 1024


@dataclass(frozen=True)
class Softening:
    """As published: power and correlation in 1/1024, shared in millionths; n_gold known items, of which n_right were found right
    from the votes; stated: False where known items are found no better than by chance."""

    power: int
    correlation: int
    shared_ppm: int
    n_gold: int = 0
    n_right: int = 0
    stated: bool = True

    def published(self) -> dict[str, int]:
        """What the integer rule needs."""
        return {"power": self.power, "correlation": self.correlation, "shared_ppm": self.shared_ppm}

    def posteriors(self, scores: np.ndarray, n_votes: np.ndarray) -> np.ndarray:
        """(I, K) from scores (I, K) in nats and votes per item (I,), as floats; the integer rule says the same."""
        soft = soft_sums(scores, n_votes, self.power / UNIT, self.correlation / UNIT)
        return soft * (1 - self.shared_ppm / 1e6) + self.shared_ppm / 1e6 / scores.shape[1]


def unlearned(n_labels: int) -> Softening:
    """Before anything is known: the priors' means."""
    return _published(1.0, float(CORRELATIONS.mean()), _shared(PRIOR_ERROR, n_labels))


def learn_softening(
    votes: Votes,
    labels: np.ndarray,
    confusion: np.ndarray,
    prior: np.ndarray,
    gold: np.ndarray | None,
    counts: np.ndarray | None = None,
) -> tuple[Softening, Known | None]:
    """The softening, and the known items as they would have been decided by others' votes alone (None: there are none).

    labels (I,): decided codes; confusion (W, K, K) and prior (K,): what is published; gold (I,): known codes, -1 elsewhere; counts
    (W, K, K): of answers under the labels decided, where these votes are a part of all."""
    known = np.zeros(votes.n_items, dtype=bool) if gold is None else gold >= 0
    items = sampled(votes, known)
    if votes.n_labels < 2 or not votes.n_votes or not len(items):
        return unlearned(votes.n_labels), None
    counts = counts_of(votes, labels) if counts is None else counts
    votes, known = votes.select_items(items), known[items]
    seen = held_out(votes, labels[items], prior, counts)
    scores = votes.by_item @ tables_by_answer(np.log(confusion)) + np.log(prior)
    grid = _from_votes(seen)
    points, learned, paths = _points(grid), unlearned(votes.n_labels), None
    if (tested := known & (seen.n_votes > 0)).any():
        points, learned, others = _from_gold(seen, tested, labels[items], grid)
        keys = (counts.reshape(len(counts), -1) @ np.arange(1.0, counts[0].size + 1))[votes.worker_codes]
        paths = known_paths(seen, tested, labels[items], keys, others.believed)
    power, correlation = _as_published(seen, scores, points)
    return replace(learned, power=round(UNIT * power), correlation=round(UNIT * correlation)), paths


def _believed(scores: np.ndarray, n_votes: np.ndarray, points: dict[tuple[float, float], float]) -> np.ndarray:
    """(I, K): the mean over all that is possible, by its weight."""
    likely = {point: share for point, share in points.items() if share > MIN_WEIGHT}
    soft = np.zeros(scores.shape)
    for point, share in likely.items():
        soft += share * soft_sums(scores, n_votes, *point)
    return soft / sum(likely.values())


@dataclass(frozen=True, eq=False)
class LeftOut:
    """What is believed without the known items of a fold: points, the weight (F,) of each power and correlation; shared (F,); fold (I,):
    of each item."""

    points: dict[tuple[float, float], np.ndarray]
    shared: np.ndarray
    fold: np.ndarray

    def believed(self, scores: np.ndarray, n_votes: np.ndarray, items: np.ndarray) -> np.ndarray:
        """(N, K) of scores (N, K) over n_votes (N,), each a sum over votes on one of items (N,), codes."""
        fold, soft = self.fold[items], np.zeros(scores.shape)
        for point, share in self.points.items():
            if share.max() > MIN_WEIGHT:
                soft += share[fold][:, None] * soft_sums(scores, n_votes, *point)
        soft /= soft.sum(axis=1, keepdims=True)
        shared = self.shared[fold][:, None]
        return soft * (1 - shared) + shared / scores.shape[1]


def soft_sums(scores: np.ndarray, n_votes: np.ndarray, power: float, correlation: float) -> np.ndarray:
    """(I, K) from sums of logs (I, K) over n_votes (I,)."""
    soft = scores * (power / (1 + correlation * np.maximum(n_votes - 1, 0)))[:, None]
    soft -= soft.max(axis=1, keepdims=True)
    softmax_rows(soft)
    return soft


def _shared(error: float, n_labels: int) -> float:
    """The share of items whose votes say nothing, for this share of wrong labels where all votes agree."""
    return min(1.0, error * n_labels / max(n_labels - 1, 1))


def _published(power: float, correlation: float, shared: float) -> Softening:
    return Softening(round(UNIT * power), round(UNIT * correlation), round(1e6 * shared))


def _from_votes(seen: HeldOut) -> np.ndarray:
    """(P, C) weights of POWERS and CORRELATIONS, by how well each vote is predicted from the others of its item."""
    rows = np.flatnonzero(seen.n_votes[seen.item_codes] > 1)
    items, answers = seen.item_codes[rows], seen.answer_codes[rows]
    others, n_others = seen.scores[items] - seen.logs[rows], seen.n_votes[items] - 1
    found = np.repeat(_log_normal(POWERS)[:, None], len(CORRELATIONS), axis=1)
    for i, power in enumerate(POWERS):
        matrices = seen.matrices[rows] ** power
        given = matrices[np.arange(len(rows)), :, answers] / matrices.sum(axis=2)
        for j, correlation in enumerate(CORRELATIONS):
            chance = np.einsum("nk,nk->n", soft_sums(others, n_others, power, correlation), given)
            found[i, j] += np.log(chance).sum()
    return _weights(found)


def _weights(logs: np.ndarray) -> np.ndarray:
    """Over the last two axes."""
    weights = np.exp(logs - logs.max(axis=(-2, -1), keepdims=True))
    return weights / weights.sum(axis=(-2, -1), keepdims=True)


def _log_normal(factor: np.ndarray) -> np.ndarray:
    return -0.5 * (np.log(factor) / POWER_SPREAD) ** 2


def _from_gold(
    seen: HeldOut, known: np.ndarray, labels: np.ndarray, grid: np.ndarray
) -> tuple[dict[tuple[float, float], float], Softening, LeftOut]:
    """(weights of powers and correlations, what else is published, the same without each) from the known items (I,), their labels (I,) and
    what the votes say."""
    n_labels, n_gold = seen.scores.shape[1], int(known.sum())
    factors = FACTORS if n_gold >= MIN_GOLD else np.ones(1)
    errors = ERRORS[1 - 1 / n_labels >= ERRORS]
    shared = errors * n_labels / (n_labels - 1)
    fold = (np.cumsum(known) - 1) % FOLDS
    own = _logs_of_gold(seen, known, labels, fold, _means(grid), factors, shared)
    found = np.tile(_beta(errors), (len(factors), 1)) + _log_normal(factors)[:, None] + own.sum(axis=0)
    n_right = int((seen.scores[known].argmax(axis=1) == labels[known]).sum())
    stated = n_gold < MIN_GOLD or n_right > n_gold / n_labels
    weights, without = _weights(found), _weights(found - own)
    least = 0.0 if n_gold >= MIN_GOLD else PRIOR_ERROR
    believed = np.maximum(without.sum(axis=1) @ shared, _shared(least, n_labels))
    others = LeftOut(_times(grid, factors, without.sum(axis=2)), believed, fold)
    error = max(least, float(weights.sum(axis=0) @ errors))
    learned = Softening(0, 0, round(1e6 * _shared(error, n_labels)), n_gold, n_right, stated)
    return _times(grid, factors, weights.sum(axis=1)), learned, others


def _logs_of_gold(
    seen: HeldOut,
    known: np.ndarray,
    labels: np.ndarray,
    fold: np.ndarray,
    means: tuple[float, float],
    factors: np.ndarray,
    shared: np.ndarray,
) -> np.ndarray:
    """(folds, factors, shared): log probability of the known labels of each fold (I,), by the mean power and correlation."""
    item, scores, n_votes = _like_the_others(seen, known)
    truth, weight = labels[item], 1 / np.bincount(item)[item]
    own = np.zeros((int(fold[known].max()) + 1, len(factors), len(shared)))
    for i, factor in enumerate(factors):
        right = soft_sums(scores, n_votes, means[0] * factor, means[1])[np.arange(len(truth)), truth]
        chance = right[:, None] * (1 - shared) + shared / seen.scores.shape[1]
        np.add.at(own[:, i], fold[item], weight[:, None] * np.log(np.maximum(chance, 1e-12)))
    return own


def _times(grid: np.ndarray, factors: np.ndarray, likely: np.ndarray) -> dict[tuple[float, float], Any]:
    """The points of the grid with their powers times these factors: weights that are numbers for likely (factors,), arrays (F,) for (F,
    factors)."""
    both: dict[tuple[float, float], Any] = {}
    for factor, more in zip(factors, likely.T, strict=True):
        for (old, other), share in _points(grid).items():
            point = (round(old * factor, 9), other)
            both[point] = both.get(point, 0.0) + share * more
    return both


def _points(grid: np.ndarray) -> dict[tuple[float, float], float]:
    return {
        (float(power), float(correlation)): float(grid[i, j])
        for i, power in enumerate(POWERS)
        for j, correlation in enumerate(CORRELATIONS)
    }


def _means(grid: np.ndarray) -> tuple[float, float]:
    return float(np.exp(grid.sum(axis=1) @ np.log(POWERS))), float(grid.sum(axis=0) @ CORRELATIONS)


def _like_the_others(seen: HeldOut, known: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Known items have many votes, so each is cut into items of as many as the others have: (item (G,), scores (G, K), votes (G,))."""
    others = seen.n_votes[~known & (seen.n_votes > 0)]
    usual = float(np.median(others)) if len(others) else float(seen.n_votes.max())
    parts = np.maximum(1, np.rint(seen.n_votes / usual)).astype(int)
    starts = np.concatenate([[0], np.cumsum(seen.n_votes)])
    rank = np.arange(len(seen.item_codes)) - starts[seen.item_codes]
    first = np.concatenate([[0], np.cumsum(parts)])
    part = first[seen.item_codes] + rank % parts[seen.item_codes]
    item = np.repeat(np.arange(len(parts)), parts)
    scores = (seen.scores - _sums(seen.logs, seen.item_codes, len(parts)))[item] + _sums(seen.logs, part, len(item))
    kept = known[item]
    return item[kept], scores[kept], np.bincount(part, minlength=len(item))[kept]


def _sums(rows: np.ndarray, codes: np.ndarray, size: int) -> np.ndarray:
    total = np.zeros((size, rows.shape[1]))
    np.add.at(total, codes, rows)
    return total


def _beta(errors: np.ndarray) -> np.ndarray:
    """Log of the prior's share of each step of the grid."""
    right = (1 - PRIOR_ERROR) * MIN_GOLD - 1
    return (PRIOR_ERROR * MIN_GOLD - 1) * np.log(errors) + right * np.log1p(-errors) + np.log(np.gradient(errors))


def _as_published(seen: HeldOut, scores: np.ndarray, points: dict[tuple[float, float], float]) -> tuple[float, float]:
    """(power, correlation) with which the published sums say what the held-out ones say in the mean over the points: the least
    divergence."""
    wanted = _believed(seen.scores, seen.n_votes, points)
    best, least = (1.0, 0.0), np.inf
    for power in sorted({round(power * step, 9) for power, _ in points for step in (1.0, np.exp(STEP / 2))}):
        for correlation in CORRELATIONS:
            said = soft_sums(scores, seen.n_votes, power, correlation)
            far = -(wanted * np.log(np.maximum(said, 1e-12))).sum()
            if far < least - 1e-9:
                best, least = (power, float(correlation)), far
    return best
