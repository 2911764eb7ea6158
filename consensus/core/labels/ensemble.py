"""The platform's default: an average of models, softened, weighted by coarsened evidence.

1. Three fits, simple to rich: one_coin.py; item_types.py without types (hierarchical Dawid-Skene); item_types.py with
   three types per label. All anchored alike, all give an evidence bound. The last is fitted from two starts, the vote shares
   and what the model before it found, there with clickers looked for from the first pass; the second counts if its bound is clearly
   better: clickers can hide the better solution from one start. A model that weighs next to nothing (step 2) gets no second start.
2. Their weights are exp(EVIDENCE_VOTES * evidence bound per vote), as if only that many votes had been seen: models are
   only roughly true, and a full Bayes factor over thousands of votes would bet everything on the less wrong one
   (coarsened posterior: J. W. Miller and D. B. Dunson, JASA 114 (2019), doi:10.1080/01621459.2018.1469995).
3. Each posterior is softened to the power 1 / (1 + CORRELATION * votes of the item): votes on one item are correlated, so n
   votes are worth less than n (the design effect of L. Kish, Survey Sampling, 1965).
4. SHARES of the average's weight comes from the plain vote shares (with SPREAD of a vote spread over all labels): nothing
   is ever surer than that allows.

How the figures were chosen, and what other choices give: docs/decisions/default_consensus.md.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import cast

import numpy as np

from ..answers.correlation import CORRELATION
from .em import Statistics, counts_by_truth, statistics_of
from .item_types import LABEL_PRIOR, MAX_PASSES, item_types
from .one_coin import one_coin
from .result import Result, check_gold, check_history, choose, clamp, soften
from .shrink import Base, shrunk_confusion
from .votes import Votes, confusion_fits

TYPES = (1, 3)
ANCHOR = 0.5
EVIDENCE_VOTES = 300.0
SHARES = 1 / 3
SPREAD = 0.1
MIN_WEIGHT = 0.01
SETTLED = 1e-3  # nats a vote: bounds closer than this are equal, as fits stop when they move by so little
BLOCK_ITEMS = 8192  # averaged at a time, so that no table of all items is made for each step


def auto(
    votes: Votes,
    *,
    gold: np.ndarray | None = None,
    history: np.ndarray | None = None,
    start: np.ndarray | None = None,
    n_iter: int = MAX_PASSES,
    tol: float = 1e-3,
) -> Result:
    """The default method. gold (I,), history (W, K, K), start (I, K), n_iter and tol as in item_types. With so many labels that a confusion
    table would not fit it is one_coin alone, without a confusion.

    skills and confusion count the chosen labels as truths, shrunk as in shrink.py: an argmax of the sum of their logs
    follows the average more closely than with expected counts (1 % of the decisions differ, not 2 %).
    Raises ValueError, one sentence naming the argument, when one does not fit the votes.
    """
    gold = check_gold(gold, votes.n_items, votes.n_labels)
    history = check_history(history, (votes.n_workers, votes.n_labels, votes.n_labels))
    coin = one_coin(votes, n_iter, tol, gold=gold, history=right_and_wrong(history), anchor=ANCHOR)
    if not confusion_fits(votes.n_workers * max(TYPES), votes.n_labels):
        posteriors = clamp(pool(votes, [coin.posteriors], [0.0]), gold)
        return replace(coin, labels=choose(posteriors), posteriors=posteriors)

    fitted = partial(item_types, votes, gold=gold, history=history, n_iter=n_iter, tol=tol, anchor=ANCHOR)
    all_attentive = np.ones(votes.n_workers)
    fits = [coin, fitted(TYPES[0], start=start)]
    bounds = [_bound(fit) for fit in fits]
    for n_types in TYPES[1:]:
        fit, simpler = fitted(n_types, start=start), fits[-1].posteriors
        if tried_again(_bound(fit), bounds):
            again = fitted(n_types, start=simpler, attentive=all_attentive)
            fit = again if beats(_bound(again), _bound(fit)) else fit
        fits.append(fit)
        bounds.append(_bound(fit))
    posteriors = clamp(pool(votes, [fit.posteriors for fit in fits], bounds), gold)
    confusion, base, prior = skills_from(statistics_of(votes, one_hot(posteriors)), votes.n_labels, history)
    done, converged = max(fit.n_iter for fit in fits), all(fit.converged for fit in fits)
    return Result(choose(posteriors), posteriors, base.accuracy, prior, confusion, done, converged, max(bounds))


def tried_again(bound: float, others: list[float]) -> bool:
    """Does a fit of this bound weigh enough beside the models before it to be worth a second start?"""
    return EVIDENCE_VOTES * (bound - max(others)) > np.log(MIN_WEIGHT)


def beats(bound: float, other: float) -> bool:
    """Of two fits of one model, the later only counts when its bound is clearly higher."""
    return bound > other + SETTLED


def _bound(fit: Result) -> float:
    return cast("float", fit.log_likelihood)  # one_coin and item_types always give one


def pool(votes: Votes, posteriors: list[np.ndarray], bounds: list[float]) -> np.ndarray:
    """(I, K): steps 2 to 4 above."""
    weights = np.exp(EVIDENCE_VOTES * (np.array(bounds) - max(bounds)))
    per_item = votes.votes_per_item
    power = 1 / (1 + CORRELATION * per_item)
    weights /= weights.sum()
    pooled = np.empty((votes.n_items, votes.n_labels))
    for low in range(0, votes.n_items, BLOCK_ITEMS):
        items = slice(low, low + BLOCK_ITEMS)
        models = sum(w * soften(p[items], power[items]) for w, p in zip(weights, posteriors, strict=True) if w > 0)
        shares = (votes.counts[items] + SPREAD / votes.n_labels) / (per_item[items, None] + SPREAD)
        pooled[items] = (1 - SHARES) * models + SHARES * shares
    return pooled


def skills_from(chosen: Statistics, n_labels: int, history: np.ndarray | None) -> tuple[np.ndarray, Base, np.ndarray]:
    """(confusion (W, K, K), base, prior (K,)) from the statistics under the chosen labels."""
    counts = counts_by_truth(chosen.counts, n_labels)
    confusion, base = shrunk_confusion(counts if history is None else counts + history)
    totals = chosen.totals + LABEL_PRIOR
    return confusion, base, totals / totals.sum()


def one_hot(posteriors: np.ndarray) -> np.ndarray:
    """(I, K): certainty in the chosen label."""
    return np.eye(posteriors.shape[1])[choose(posteriors)]


def right_and_wrong(history: np.ndarray | None) -> np.ndarray | None:
    """(W, 2) right and wrong answers in counts (W, K, K)."""
    if history is None:
        return None
    right = np.einsum("wkk->w", history)
    return np.stack([right, history.sum(axis=(1, 2)) - right], axis=1)
