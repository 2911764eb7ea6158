"""Bradley-Terry with ties and workers who may not look: scores of items from comparisons.

Model of comparison c of items l and r by worker w, with score difference d = s_l - s_r:

    P(outcome) = a_w Davidson(outcome | d, v_w) + (1 - a_w) h_w(outcome)

A worker looks at the pair with probability a_w and then answers by Davidson's model with her own leaning to ties v_w;
else she follows her habit h_w (left, right or tie, whatever the pair). Priors: s ~ N(0, spread^2), v ~ N(v_0, t^2),
a ~ Beta and h ~ Dirichlet around the crowd's means; spread, v_0, t, the means and the concentrations are learned from the
data (empirical Bayes), so an undefeated or never compared item keeps a finite score and groups of items share what is known of the workers.

X. Chen, P. N. Bennett, K. Collins-Thompson, E. Horvitz, Pairwise Ranking Aggregation in a Crowdsourced Setting, WSDM 2013,
doi:10.1145/2433396.2433420 (reliability of workers); Davidson 1970 (ties, see davidson.py). Reliability is of MACE's
kind here (a habit in place of CrowdBT's reversed answers): clickers of one side or of "tie" are seen as what they are.
Fisher scoring for scores and tie weights, EM for reliability and habits. Cost of a pass O(comparisons).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from .davidson import probabilities, slopes
from .dirichlet import EXPECTED, learn_concentration
from .gaussian import Graph
from .pairwise import LEFT, RIGHT, Comparisons, Ranking, ordered

LOOKS = 0.8  # mean reliability of a crowd of which nothing is known
LONGEST_STEP = 1.5
FINAL_PROBES = 64
BLOCK = 8192


def bradley_terry(
    comparisons: Comparisons,
    spread: float | None = None,
    n_iter: int = 200,
    tol: float = 1e-9,
    held: tuple[np.ndarray, np.ndarray] | None = None,
) -> Ranking:
    """Everybody looks and leans to ties alike. spread: the scores' prior standard deviation, None to learn it. held: looks (W,) and
    habits (W, 3) of an earlier fit of the whole model, by which workers do not look alike.

    A very large spread gives the maximum likelihood, which is finite only if no item or set of items wins throughout.
    """
    return _rank(comparisons, spread, n_iter, tol, workers=False, held=held)


def crowd_bradley_terry(
    comparisons: Comparisons, spread: float | None = None, n_iter: int = 200, tol: float = 5e-5, sided: bool = True
) -> Ranking:
    """The whole model. Stops when the log-likelihood per comparison moves by tol or less, or after n_iter passes.

    sided: whether left and right are the places that the worker saw. Where they are not, a habit is alike of both.
    """
    return _rank(comparisons, spread, n_iter, tol, workers=True, sided=sided)


@dataclass(frozen=True, eq=False)
class State:
    """scores (I,), tie_weight (W,), looks (W,), habits (W, 3), and the learned priors."""

    scores: np.ndarray
    tie_weight: np.ndarray
    looks: np.ndarray
    habits: np.ndarray
    sided: bool = True
    spread: float = 1.0
    tie_mean: float = 0.0
    tie_spread: float = 0.5
    looks_strength: float = EXPECTED
    habit_strength: float = EXPECTED


class Expectation(NamedTuple):
    """looked (C,): P(the worker looked | her answer); by gap and by tie weight: gradient and information (C,); log P (C,)."""

    looked: np.ndarray
    gap_gradient: np.ndarray
    gap_information: np.ndarray
    tie_gradient: np.ndarray
    tie_information: np.ndarray
    log_probability: np.ndarray


def _rank(
    data: Comparisons,
    spread: float | None,
    n_iter: int,
    tol: float,
    workers: bool,
    held: tuple[np.ndarray, np.ndarray] | None = None,
    sided: bool = True,
) -> Ranking:
    if spread is not None and not spread > 0:
        raise ValueError(f"spread must be above 0, not {spread}.")
    pairs, state = Pairs(data), _start(data, spread, workers, sided)
    state = state if held is None else replace(state, looks=held[0], habits=held[1])
    expected, fit, moved, done = expect(state, data), -np.inf, np.inf, 0
    while done < n_iter and moved > tol:
        state = _step(state, expected, data, pairs, spread, workers)
        expected, done = expect(state, data), done + 1
        fit, before = _fit(data, expected), fit
        moved = abs(fit - before)
    return _ranking(state, expected, data, pairs, fit, done, bool(moved <= tol))


def _start(data: Comparisons, spread: float | None, workers: bool, sided: bool) -> State:
    counts = _habits(data, data.times, sided)
    crowd = (counts.sum(axis=0) + 1) / (counts.sum() + 3)
    habits = (counts + EXPECTED * crowd) / (counts.sum(axis=1, keepdims=True) + EXPECTED)
    ties = 0.0 if data.has_ties else -np.inf
    looks = np.full(data.n_workers, LOOKS if workers else 1.0)
    return State(np.zeros(data.n_items), np.full(data.n_workers, ties), looks, habits, sided, spread or 1.0, ties)


def _step(
    state: State, expected: Expectation, data: Comparisons, pairs: Pairs, spread: float | None, workers: bool
) -> State:
    prior = 1 / state.spread**2
    gradient = data.per_item(data.times * expected.gap_gradient) - state.scores * prior
    found = pairs.graph.solve(pairs.information(data.times * expected.gap_information), prior, gradient)
    scores = state.scores + _shorten(found.x)
    new = replace(state, scores=scores, spread=spread or _learn_spread(scores, found.variance))
    if data.has_ties:
        new = _learn_ties(new, data, expected, workers)
    return _learn_looks(new, data, expected) if workers else new


def expect(state: State, data: Comparisons) -> Expectation:
    """Everything that one pass needs to know of the comparisons under the state; in blocks that fit the cache."""
    columns = np.empty((len(Expectation._fields), len(data.left)))
    for start in range(0, len(data.left), BLOCK):
        rows = slice(start, start + BLOCK)
        columns[:, rows] = _expect_rows(state, data, rows)
    return Expectation(*columns)


def _expect_rows(state: State, data: Comparisons, rows: slice) -> Expectation:
    worker, outcome = data.worker[rows], data.outcome[rows]
    looks, said = state.looks[worker], (outcome, np.arange(len(outcome)))
    gap = state.scores[data.left[rows]] - state.scores[data.right[rows]]
    chances = probabilities(gap, state.tie_weight[worker])
    looking = looks * chances
    both = np.maximum(looking + (1 - looks) * state.habits.T[:, worker], 1e-300)
    by_gap, by_tie = slopes(chances)
    share = looking**2 / both
    looked = looking[said] / both[said]
    return Expectation(
        looked,
        looked * by_gap[said],
        (share * by_gap**2).sum(axis=0),
        looked * by_tie[said],
        (share * by_tie**2).sum(axis=0),
        np.log(both[said]),
    )


def _learn_spread(scores: np.ndarray, variance: np.ndarray) -> float:
    """EM for the scores' variance with two pseudo-items of variance 1: a flawless order does not drive it to infinity."""
    return float(np.sqrt(((scores**2 + variance).sum() + 2) / (len(scores) + 2)))


def _learn_ties(state: State, data: Comparisons, expected: Expectation, workers: bool) -> State:
    gradient = data.per_worker(data.times * expected.tie_gradient)
    information = data.per_worker(data.times * expected.tie_information)
    if not workers:
        step = _shorten((gradient.sum() - state.tie_weight[:1] / 100) / (information.sum() + 0.01))
        return replace(state, tie_weight=state.tie_weight + step, tie_mean=float(state.tie_weight[0] + step[0]))
    weight = 1 / state.tie_spread**2
    information += weight
    ties = state.tie_weight + _shorten((gradient - (state.tie_weight - state.tie_mean) * weight) / information)
    known = np.bincount(data.worker, minlength=data.n_workers) > 0
    mean = float(ties[known].mean())
    scatter = ((ties - mean) ** 2 + 1 / information)[known].sum()
    spread = float(np.sqrt((scatter + 0.5) / (known.sum() + 2)))
    return replace(state, tie_weight=np.where(known, ties, mean), tie_mean=mean, tie_spread=spread)


def _learn_looks(state: State, data: Comparisons, expected: Expectation) -> State:
    looked, seen = data.per_worker(data.times * expected.looked), data.per_worker(data.times)
    mean = (looked.sum() + EXPECTED * LOOKS) / (seen.sum() + EXPECTED)
    careless = _habits(data, data.times * (1 - expected.looked), state.sided)
    crowd = (careless.sum(axis=0) + 1) / (careless.sum() + 3)
    coins = np.column_stack([looked, seen - looked])
    looks_strength = learn_concentration(coins, np.array([mean, 1 - mean]), state.looks_strength)
    habit_strength = learn_concentration(careless, crowd, state.habit_strength)
    return replace(
        state,
        looks=(looked + looks_strength * mean) / (seen + looks_strength),
        habits=(careless + habit_strength * crowd) / (careless.sum(axis=1, keepdims=True) + habit_strength),
        looks_strength=looks_strength,
        habit_strength=habit_strength,
    )


def _habits(data: Comparisons, weight: np.ndarray, sided: bool) -> np.ndarray:
    """(W, 3) weights of what each said; without sides, left and right are alike."""
    counts = data.habits(weight)
    if not sided:
        counts[:, [LEFT, RIGHT]] = counts[:, [LEFT, RIGHT]].mean(axis=1, keepdims=True)
    return counts


def _shorten(step: np.ndarray) -> np.ndarray:
    """The step, scaled so that nothing moves by more than LONGEST_STEP at once."""
    return step * min(1.0, LONGEST_STEP / max(float(np.abs(step).max(initial=0)), 1e-12))


def _fit(data: Comparisons, expected: Expectation) -> float:
    """Log-likelihood per comparison."""
    return float((data.times * expected.log_probability).sum()) / max(data.n_comparisons, 1)


class Pairs:
    """The graph of the distinct pairs of items that were compared, and the pair of each comparison."""

    def __init__(self, data: Comparisons) -> None:
        low, high, n_items = np.minimum(data.left, data.right), np.maximum(data.left, data.right), max(data.n_items, 1)
        key, self.of_comparison = np.unique(low * n_items + high, return_inverse=True)
        self.graph = Graph(*np.divmod(key, n_items), data.group_of_item)

    def information(self, of_comparisons: np.ndarray) -> np.ndarray:
        """Summed by pair."""
        return np.bincount(self.of_comparison, of_comparisons, minlength=len(self.graph.low))


def _ranking(
    state: State, expected: Expectation, data: Comparisons, pairs: Pairs, fit: float, n_iter: int, converged: bool
) -> Ranking:
    information, prior = pairs.information(data.times * expected.gap_information), 1 / state.spread**2
    found = pairs.graph.solve(information, prior, np.zeros(data.n_items), FINAL_PROBES)
    scores = state.scores - _group_means(state.scores, data.group_of_item)
    return Ranking(
        scores=scores,
        errors=np.sqrt(found.centred),
        order=ordered(scores, data.group_of_item),
        reliability=state.looks,
        habits=state.habits,
        tie_weight=state.tie_weight,
        crowd_tie_weight=state.tie_mean,
        spread=state.spread,
        precision=pairs.graph.matrix(information, prior).tocsc(),
        log_likelihood=fit,
        n_iter=n_iter,
        converged=converged,
    )


def _group_means(scores: np.ndarray, group: np.ndarray) -> np.ndarray:
    own = np.unique(group, return_inverse=True)[1]
    return (np.bincount(own, scores) / np.maximum(np.bincount(own), 1))[own]
