"""One coin a worker: right with probability p_w whatever the truth, errors spread evenly over the other labels.

Model: t_i uniform over K labels; a_iw = t_i with probability p_w, else any other label; p_w ~ Beta with the crowd's mean
and `strength` pseudo-votes. Mean-field variational Bayes. The binary case with a Beta prior is ZenCrowd
(G. Demartini, D. E. Difallah, P. Cudre-Mauroux, WWW 2012, doi:10.1145/2187836.2187900). For labels that carry no
meaning of their own (positions of options), very many labels and very few votes a worker.
Cost O(votes) a pass, whatever the number of labels.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import digamma, gammaln

from .cells import Cells, make_cells
from .result import Result, check_gold, choose, clamp
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
    """Until the beliefs move by less than tol a vote on average. skills are the means of p_w.

    gold: (I,) label codes, -1 = unknown. history: (W, 2) earlier right and wrong answers. anchor: as in item_types.py.
    Result.log_likelihood is the evidence lower bound per vote.
    """
    gold = check_gold(gold, votes.n_items, votes.n_labels)
    cells = make_cells(votes)
    belief = _clamp(cells, cells.shares(), gold)
    offsets = anchor * np.log(cells.sums(np.ones(votes.n_votes)) + 1)
    done, moved, bound = 0, np.inf, 0.0
    while done < n_iter and moved > tol:
        coins = learn_coins(votes, cells, belief, strength, history)
        scores = cells.sums(coins.log_odds(votes.n_labels)[votes.worker_codes]) + offsets
        new = _clamp(cells, cells.probabilities(scores), gold)
        moved = float(np.abs(new - belief)[cells.of_vote].mean()) if len(new) else 0.0
        bound, belief, done = _bound(votes, cells, coins, scores, anchor), new, done + 1
    posteriors = clamp(cells.table(belief, votes.n_labels), gold)
    prior = np.full(votes.n_labels, 1 / max(votes.n_labels, 1))
    skills = learn_coins(votes, cells, belief, strength, history).mean
    return Result(choose(posteriors), posteriors, skills, prior, None, done, moved <= tol, bound)


@dataclass(frozen=True, eq=False)
class Coins:
    """Beta posteriors: right, wrong (W,) with their prior pseudo-votes in prior (W, 2)."""

    right: np.ndarray
    wrong: np.ndarray
    prior: np.ndarray

    @property
    def mean(self) -> np.ndarray:
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


def learn_coins(votes: Votes, cells: Cells, belief: np.ndarray, strength: float, history: np.ndarray | None) -> Coins:
    """From the belief (C,) in each cell; the prior's mean is the crowd's share of right answers."""
    right = np.bincount(votes.worker_codes, weights=belief[cells.of_vote], minlength=votes.n_workers)
    crowd = (right.sum() + 20) / (votes.n_votes + 30)
    prior = np.tile([strength * crowd, strength * (1 - crowd)], (votes.n_workers, 1))
    prior = prior if history is None else prior + history
    return Coins(right + prior[:, 0], votes.votes_per_worker - right + prior[:, 1], prior)


def _bound(votes: Votes, cells: Cells, coins: Coins, scores: np.ndarray, anchor: float) -> float:
    wrong = digamma(coins.wrong) - digamma(coins.right + coins.wrong) - np.log(max(votes.n_labels - 1, 1))
    items = cells.log_total(scores) - np.log(max(votes.n_labels, 1))
    items -= anchor * np.log(votes.votes_per_item + votes.n_labels)
    total = wrong[votes.worker_codes].sum() + items.sum() + coins.divergence()
    return float(total) / max(votes.n_votes, 1)


def _clamp(cells: Cells, belief: np.ndarray, gold: np.ndarray | None) -> np.ndarray:
    if gold is None:
        return belief
    truth = gold[cells.item]
    return np.where(truth >= 0, truth == cells.answer, belief)
