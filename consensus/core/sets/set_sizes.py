"""How many labels an item has: a law of its own over the size of the set, learned, on top of what is known of each label.

Model. Labels alone would give the size m of an item's set the law base(m), a mixture of Poisson-binomials (labels are independent
given the profile); the items' law is size(m), learned with one pseudo-item that has the sizes of the answers. Then P(t | answers) is
proportional to prod_l w_l^t_l * size(m) / base(m), with w_l the odds of label l from everything else and m = sum(t). Where every
answer names one label, two labels on one item are as unlikely as they look, and a label that is often mistaken for another is no
second label of the item. A size that no answer has is all but impossible. Sizes of MOST and more are taken alike.

Marginals and the law of m are exact, by a chain over the labels that carries the count so far: O(I L MOST).
Poisson-binomial and its chain: R. E. Barlow and K. D. Heidtmann, Computing k-out-of-n system reliability, IEEE Transactions on
Reliability 33 (1984), doi:10.1109/TR.1984.5221843. A law of the size beside the labels' own: N. Ghamrawi and A. McCallum, Collective
Multi-label Classification, CIKM 2005, doi:10.1145/1099554.1099591.

Shapes: I items, L labels, S = min(L, MOST) the largest size told apart.
"""

from __future__ import annotations

import numpy as np

from .sets import Sets

MOST = 16
BLOCK_CELLS = 60_000  # a block stays in the cache
MAX_ODDS = 300.0  # nats: more changes nothing
TINY = 1e-300
TINY_SHARE = 1e-12  # no size is quite impossible: gold may have it


def sizes_of_answers(sets: Sets) -> np.ndarray:
    """(S + 1,) the share of the answers of each size; zeros when there are no answers."""
    most = min(sets.n_labels, MOST)
    size = np.minimum(np.bincount(sets.choice_answers, minlength=sets.n_answers), most)
    found = np.bincount(size, sets.weights, minlength=most + 1)
    return found / max(found.sum(), 1)


def sizes_by_profile(theta: np.ndarray) -> np.ndarray:
    """(M, S + 1) the law of the size when labels are independent with the probabilities theta (M, L)."""
    most = min(theta.shape[1], MOST)
    law = np.eye(1, most + 1).repeat(len(theta), axis=0)
    for chance in theta.T:
        law = _one_more(law, 1 - chance, chance)
    return law


def shrunk_sizes(counted: np.ndarray, n_items: int, of_answers: np.ndarray) -> np.ndarray:
    """(S + 1,) from counted (S + 1,) of n_items, shrunk by one pseudo-item towards of_answers (S + 1,); nothing is below TINY_SHARE."""
    return np.maximum((counted + of_answers) / (n_items + 1), TINY_SHARE)


def weigh_sizes(log_odds: np.ndarray, ratio: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(log odds (I, L), counted (S + 1,)) of the labels under the law of the size, and how many items have each size.

    log_odds (I, L): of each label alone. ratio (S + 1,): size(m) / base(m).
    """
    found, counted = np.empty(log_odds.shape), np.zeros(len(ratio))
    step = max(1, BLOCK_CELLS // max(log_odds.shape[1] * len(ratio), 1))
    for lo in range(0, len(log_odds), step):
        rows = slice(lo, lo + step)
        odds = np.exp(np.clip(log_odds[rows], -MAX_ODDS, MAX_ODDS))
        found[rows], law = _chain(odds, ratio)
        counted += law.sum(axis=0)
    return found, counted


def _chain(odds: np.ndarray, ratio: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(log odds (n, L), law of the size (n, S + 1)) of items with odds (n, L): forward the size of the labels before, backward
    what the labels after, and the law, make of each size."""
    n, n_labels = odds.shape
    after = np.empty((n_labels + 1, n, len(ratio)))
    after[-1] = ratio / ratio.max()
    for label in range(n_labels - 1, -1, -1):
        chosen = np.concatenate([after[label + 1][:, 1:], after[label + 1][:, -1:]], axis=1)
        after[label] = _scaled(after[label + 1] + odds[:, [label]] * chosen)
    before, found = np.eye(1, len(ratio)).repeat(n, axis=0), np.empty(odds.shape)
    for label in range(n_labels):
        rest = after[label + 1]
        there = (before[:, :-1] * rest[:, 1:]).sum(axis=1) + before[:, -1] * rest[:, -1]
        absent = (before * rest).sum(axis=1)
        found[:, label] = np.log(np.maximum(there * odds[:, label], TINY)) - np.log(np.maximum(absent, TINY))
        before = _scaled(_one_more(before, 1.0, odds[:, label]))
    law = before * after[-1]
    return found, law / law.sum(axis=1, keepdims=True)


def _one_more(law: np.ndarray, absent: np.ndarray | float, there: np.ndarray) -> np.ndarray:
    """The law (n, S + 1) of a size, with one more label of weights absent and there (n,); the last size is "so many or more"."""
    new = law * np.reshape(absent, (-1, 1))
    new[:, 1:] += law[:, :-1] * there[:, None]
    new[:, -1] += law[:, -1] * there
    return new


def _scaled(law: np.ndarray) -> np.ndarray:
    return law / law.max(axis=1, keepdims=True)
