"""One coin a worker: right with probability p_w whatever the truth, errors spread evenly over the other labels.

Model: t_i uniform over K labels; a_iw = t_i with probability p_w, else any other label; p_w ~ Beta with the crowd's mean
and `strength` pseudo-votes. Mean-field variational Bayes. The binary case with a Beta prior is ZenCrowd
(G. Demartini, D. E. Difallah, P. Cudre-Mauroux, WWW 2012, doi:10.1145/2187836.2187900). For labels that carry no
meaning of their own (positions of options), very many labels and very few votes a worker.
Cost O(votes) a pass, whatever the number of labels.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from scipy.special import digamma, gammaln

from .cells import make_cells
from .em import run_fit
from .result import Result, check_gold, check_history, check_passes, choose, clamp
from .votes import Votes


def one_coin(
    votes: Votes,
    n_iter: int = 100,
    tol: float = 1e-4,
    strength: float = 4.0,
    gold: np.ndarray | None = None,
    history: np.ndarray | None = None,
    anchor: float = 0.0,
) -> Result:
    """At most n_iter passes, or until the expected right votes move by less than tol a vote. skills: the means of p_w.

    gold: (I,) label codes, -1 = unknown. history: (W, 2) earlier right and wrong answers. anchor: as in item_types.py.
    Result.log_likelihood is the evidence lower bound per vote. Raises ValueError when n_iter is below 1 or gold or history does not fit
    the votes.
    """
    check_passes(n_iter)
    gold = check_gold(gold, votes.n_items, votes.n_labels)
    history = check_history(history, (votes.n_workers, 2))
    looks = CoinLooks(votes, gold, anchor)
    belief = looks.start()

    def expect(weights: np.ndarray) -> CoinStatistics:
        nonlocal belief
        belief = looks.belief(weights)
        return looks.statistics(belief, weights)

    begin = looks.statistics(belief, None)
    fit = run_fit(fit_coins(begin, votes.n_labels, votes.n_items, strength, history, n_iter, tol), expect)
    posteriors = looks.posteriors(belief)
    prior = np.full(votes.n_labels, 1 / max(votes.n_labels, 1))
    return Result(choose(posteriors), posteriors, fit.coins.mean, prior, None, fit.n_iter, fit.converged, fit.bound)


class CoinStatistics(NamedTuple):
    """right (W,): expected right votes; votes (W,); evidence: the items' log normalisers."""

    right: np.ndarray
    votes: np.ndarray
    evidence: float


@dataclass(frozen=True, eq=False)
class CoinsFit:
    """coins after the last pass; weights (W,) that the last pass used; bound per vote."""

    coins: Coins
    weights: np.ndarray
    bound: float
    n_iter: int
    converged: bool


def fit_coins(
    statistics: CoinStatistics,
    n_labels: int,
    n_items: int,
    strength: float,
    history: np.ndarray | None,
    n_iter: int,
    tol: float,
) -> Generator[tuple[np.ndarray], CoinStatistics, CoinsFit]:
    """The iteration itself, over statistics only: it yields the weights (W,) of the pass that it wants, and is sent its statistics."""
    n_votes, done, moved = max(statistics.votes.sum(), 1), 0, np.inf
    coins = learn_coins(statistics, strength, history)
    while not done or (done < n_iter and moved > tol):
        weights = coins.log_odds(n_labels)
        new = yield (weights,)
        wrong = digamma(coins.wrong) - digamma(coins.right + coins.wrong) - np.log(max(n_labels - 1, 1))
        bound = new.evidence + (wrong * new.votes).sum() + coins.divergence() - n_items * np.log(max(n_labels, 1))
        moved = float(np.abs(new.right - statistics.right).sum() / n_votes)
        statistics, done = new, done + 1
        coins = learn_coins(statistics, strength, history)
    return CoinsFit(coins, weights, float(bound / n_votes), done, moved <= tol)


class CoinLooks:
    """The votes as the coin model sees them: cells, gold and anchor."""

    def __init__(self, votes: Votes, gold: np.ndarray | None, anchor: float) -> None:
        self.votes, self.gold, self.cells = votes, gold, make_cells(votes)
        self.offsets = anchor * np.log(self.cells.sums(np.ones(votes.n_votes)) + 1)
        self.spread = anchor * np.log(votes.votes_per_item + votes.n_labels).sum()

    def start(self) -> np.ndarray:
        """(C,) belief to begin with: the vote shares of the cells."""
        return self._clamp(self.cells.shares())

    def belief(self, weights: np.ndarray) -> np.ndarray:
        """(C,) P(the cell's label is true) when a vote of worker w adds weights[w] to its label."""
        return self._clamp(self.cells.probabilities(self._scores(weights)))

    def statistics(self, belief: np.ndarray, weights: np.ndarray | None) -> CoinStatistics:
        """What the M step needs, from belief (C,) and the weights (W,) that led to it (None: before the first pass)."""
        right = np.bincount(self.votes.worker_codes, weights=belief[self.cells.of_vote], minlength=self.votes.n_workers)
        evidence = 0.0 if weights is None else self.cells.log_total(self._scores(weights)).sum() - self.spread
        return CoinStatistics(right, self.votes.votes_per_worker, float(evidence))

    def posteriors(self, belief: np.ndarray) -> np.ndarray:
        """(I, K) from belief (C,)."""
        return clamp(self.cells.table(belief, self.votes.n_labels), self.gold)

    def _scores(self, weights: np.ndarray) -> np.ndarray:
        return self.cells.sums(weights[self.votes.worker_codes]) + self.offsets

    def _clamp(self, belief: np.ndarray) -> np.ndarray:
        if self.gold is None:
            return belief
        truth = self.gold[self.cells.item]
        return np.where(truth >= 0, truth == self.cells.answer, belief)


@dataclass(frozen=True, eq=False)
class Coins:
    """Beta posteriors: right, wrong (W,) with their prior pseudo-votes in prior (W, 2)."""

    right: np.ndarray
    wrong: np.ndarray
    prior: np.ndarray

    @property
    def mean(self) -> np.ndarray:
        """(W,) expected share of right answers."""
        return self.right / (self.right + self.wrong)

    def log_odds(self, n_labels: int) -> np.ndarray:
        """(W,) what one vote adds to its label's score: E[ln p] - E[ln (1 - p)] + ln(K - 1)."""
        return digamma(self.right) - digamma(self.wrong) + np.log(max(n_labels - 1, 1))

    def divergence(self) -> float:
        """Minus the Kullback-Leibler divergence from the prior, summed over workers."""
        both, total = np.stack([self.right, self.wrong], axis=1), self.right + self.wrong
        logs = digamma(both) - digamma(total)[:, None]
        beta = gammaln(both).sum(axis=1) - gammaln(total)
        beta -= gammaln(self.prior).sum(axis=1) - gammaln(self.prior.sum(axis=1))
        return float(beta.sum() - ((both - self.prior) * logs).sum())


def learn_coins(statistics: CoinStatistics, strength: float, history: np.ndarray | None) -> Coins:
    """The prior's mean is the crowd's share of right answers; history (W, 2) of right and wrong ones joins it."""
    right, votes = statistics.right, statistics.votes
    crowd = (right.sum() + 20) / (votes.sum() + 30)
    prior = np.tile([strength * crowd, strength * (1 - crowd)], (len(right), 1))
    prior = prior if history is None else prior + history
    return Coins(right + prior[:, 0], votes - right + prior[:, 1], prior)
