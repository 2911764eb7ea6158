"""Who answers and who clicks: a worker's answers come from her confusion matrix, or every label alike, whatever the truth.

Model: a worker is attentive with probability `share`; then her answers have the evidence of her Dirichlet rows, otherwise 1/K
each. The answers of a clicker carry no information (her table is flat), and the crowd is what the attentive are: without this a
third of clickers makes the crowd's matrix, and with it everybody's base, so dull that items of one type look like another.
While truths are still vague everybody looks like a clicker, so a fit may look for them once it has settled without (item_types.py).
`share` has a Beta prior, nine attentive workers and one clicker.

After V. C. Raykar and S. Yu, Eliminating Spammers and Ranking Annotators for Crowdsourced Labeling Tasks, JMLR 13 (2012).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import expit, gammaln, rel_entr

PRIOR_ATTENTIVE, PRIOR_CLICKERS = 9.0, 1.0


@dataclass(frozen=True, eq=False)
class Attention:
    """attentive (W,): how surely each worker is no random clicker; prior (W,): the same before her answers of now were seen."""

    attentive: np.ndarray
    prior: np.ndarray

    def mixed(self, expected: np.ndarray) -> np.ndarray:
        """(W, T, K): expected log probabilities (W, T, K) of an attentive worker, flat as far as she clicks."""
        weight = self.attentive[:, None, None]
        return weight * expected - (1 - weight) * np.log(expected.shape[2])

    def evidence(self, counts: np.ndarray, pseudo: np.ndarray) -> float:
        """Of counts (W, T, K), given the truths, with pseudo-votes (W, T, K): a lower bound in nats, with the divergence of `attentive`
        from its prior taken off."""
        divergence = rel_entr(self.attentive, self.prior) + rel_entr(1 - self.attentive, 1 - self.prior)
        clicked = -counts.sum() * np.log(counts.shape[2])
        return float(clicked + (self.attentive * _gain(counts, pseudo) - divergence).sum())


def everybody(n_workers: int) -> Attention:
    """Attentive beyond doubt, all (W,) of them."""
    return Attention(np.ones(n_workers), np.ones(n_workers))


def attention_of(counts: np.ndarray, pseudo: np.ndarray, history: np.ndarray | None, before: np.ndarray) -> Attention:
    """From expected counts (W, T, K) [worker, truth type, answer], the pseudo-votes of her base (W, T, K), counts of earlier
    work (W, T, K) or None, and attentive (W,) of the pass before, which gives the share."""
    share = (before.sum() + PRIOR_ATTENTIVE) / (len(before) + PRIOR_ATTENTIVE + PRIOR_CLICKERS)
    odds = np.full(len(before), np.log(share / (1 - share)))
    if history is not None:
        odds += _gain(history, pseudo)
        pseudo = pseudo + history
    return Attention(expit(odds + _gain(counts, pseudo)), expit(odds))


def _gain(counts: np.ndarray, pseudo: np.ndarray) -> np.ndarray:
    """(W,): how much likelier her answers are from Dirichlet rows than as clicks, in nats."""
    met, known = counts.sum(axis=2), pseudo.sum(axis=2)
    cells, seen = np.zeros(counts.shape), counts > 0
    cells[seen] = gammaln(pseudo[seen] + counts[seen]) - gammaln(pseudo[seen])
    rows = gammaln(known + met) - gammaln(known)
    return cells.sum(axis=(1, 2)) - rows.sum(axis=1) + met.sum(axis=1) * np.log(counts.shape[2])
