"""How far people, judges and the shares of labels are believed beside each other: a weight for all people's tables, one for all judges'
and one for the prior, from known items.

People who are wrong together (three who take one breed of dog for another, a family of models) count as three in a sum of log-likelihoods,
and outvote a judge who is right more often than they are. The shares of labels are learned from the same answers: where people take
one label for another together, the shares say it, too, and outvote the judge again where people weigh little. Known items show it: their
scores are taken by tables that were learned without their truths (two halves), apart for people and for judges, and the weights are the
likeliest for

    log P(truth k) ~ c (p prior_k + a people_k + b judges_k),   the larger of a and b is 1,   ln p, ln a, ln b, ln c uniform from -3 to 0

Known items are taken for a sample of all: where somebody chose as many of each label, the shares weigh too little.
so a weight only takes away: no source counts for more than it was learned to say. How far the sum as a whole is believed, c, is learned
with them and not published: the softening says that. A
log-linear pool of experts (C. Genest and J. V. Zidek, Combining Probability Distributions, Statistical Science 1 (1986),
doi:10.1214/ss/1177013825) with its weights from held-out data (D. H. Wolpert, Stacked Generalization, Neural Networks 5 (1992)).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from .skills import learn_skills
from .votes import Votes

WEIGHTS = np.exp(np.linspace(-3.0, 0.0, 25))
MIN_KNOWN = 20  # with a judge's vote; with fewer all weights are 1
ROUNDS = 20


class Weights(NamedTuple):
    """Of log-likelihoods, each in 0..1: 1 believes a source as far as it was learned to say."""

    people: float = 1.0
    judges: float = 1.0
    prior: float = 1.0


def learn_weights(votes: Votes, gold: np.ndarray, judges: np.ndarray) -> Weights:
    """gold (I,): label codes of known items, -1 elsewhere; judges (W,) bool. ValueError where these do not fit."""
    gold, judges = np.asarray(gold), np.asarray(judges, dtype=bool)
    if gold.shape != (votes.n_items,) or judges.shape != (votes.n_workers,):
        raise ValueError("gold must say one label an item, judges one truth a worker.")
    by_judge, by_person = judges[votes.worker_codes], ~judges[votes.worker_codes]
    met = np.isin(np.arange(votes.n_items), votes.item_codes[by_judge]) & np.isin(
        np.arange(votes.n_items), votes.item_codes[by_person]
    )
    known = np.flatnonzero((gold >= 0) & met)
    if len(known) < MIN_KNOWN:
        return Weights()
    halves = [known[::2], known[1::2]]
    parts = [_scores(votes, gold, half, judges) for half in halves]
    prior, people, own = (np.concatenate([part[place] for part in parts]) for place in range(3))
    return _likeliest(prior, people, own, gold[np.concatenate(halves)])


def _scores(votes: Votes, gold: np.ndarray, half: np.ndarray, judges: np.ndarray) -> tuple[np.ndarray, ...]:
    """(prior, people, judges), each (n, K) logs, of the items of a half, whose truths are hidden from what is learned."""
    hidden = gold.copy()
    hidden[half] = -1
    learned = learn_skills(votes, gold=hidden)
    tables = np.log(learned.confusion)  # worker, truth, answer
    sums = np.zeros((2, votes.n_items, votes.n_labels))
    rows = tables[votes.worker_codes, :, votes.answer_codes]
    np.add.at(sums, (judges[votes.worker_codes].astype(int), votes.item_codes), rows)
    return np.tile(np.log(learned.prior), (len(half), 1)), sums[0, half], sums[1, half]


def _likeliest(prior: np.ndarray, people: np.ndarray, judges: np.ndarray, truth: np.ndarray) -> Weights:
    """The likeliest, whatever the sum is worth; scores (n, K). The pair of people and judges and the weight of the prior in turns, from a
    prior that is believed: each step is likelier, so it ends."""

    def likelihood(one: Weights) -> float:
        scores = WEIGHTS[:, None, None] * (one.prior * prior + one.people * people + one.judges * judges)
        logs = scores[:, np.arange(len(truth)), truth] - np.logaddexp.reduce(scores, axis=2)
        return float(np.logaddexp.reduce(logs.sum(axis=1)))

    steps = WEIGHTS.tolist()
    pairs = [Weights()] + [pair for one in steps[-2::-1] for pair in (Weights(people=one), Weights(judges=one))]
    best = Weights()
    for _ in range(ROUNDS):
        before = best
        best = max((pair._replace(prior=best.prior) for pair in pairs), key=likelihood)
        best = max((best._replace(prior=one) for one in steps[::-1]), key=likelihood)
        if best == before:
            break
    return best
