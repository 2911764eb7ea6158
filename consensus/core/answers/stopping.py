"""When to stop asking, and where the next answer is worth most.

All from calibrated posteriors (`auto`, or the integer rule's confidence): the expected error of an item is one minus the
posterior of its label. An item is done when that is at most the project's target, when its budget of votes is spent, or
when one more answer would cost more than the error that it is expected to remove. Worth of an answer (decision theory;
V. S. Sheng, F. Provost, P. Ipeirotis, Get Another Label?, KDD 2008; Y. Zheng et al., QASCA, SIGMOD 2015,
doi:10.1145/2723372.2749430): expected rise of the highest posterior when a worker with confusion C answers.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from .correlation import CORRELATION
from .decisions import Decisions


@dataclass(frozen=True)
class Rule:
    """target_error: of what is called sure so much may be wrong. min_votes, max_votes: bounds an item, whatever the error. bar: an item is
    sure when its own expected error is at most this, where a project has learned one (bar.py); otherwise the target is each item's own."""

    target_error: float
    min_votes: int = 2
    max_votes: int = 20
    bar: float | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.target_error < 1:
            raise ValueError(f"target_error must lie between 0 and 1, not {self.target_error}.")
        if not 1 <= self.min_votes <= self.max_votes:
            raise ValueError(f"min_votes must lie between 1 and max_votes ({self.max_votes}), not {self.min_votes}.")

    def is_sure(self, error: Any, n_votes: Any) -> Any:
        """Sure enough, with enough answers? Of one item, or of arrays (I,).

        Parameters
        ----------
        error : float or ndarray (I,)
            Probability that the decision is wrong.
        n_votes : int or ndarray (I,)
            Answers that count for it.

        Returns
        -------
        bool or ndarray (I,) of bool
        """
        return (error <= (self.target_error if self.bar is None else self.bar)) & (n_votes >= self.min_votes)

    def is_done(self, error: Any, n_votes: Any) -> Any:
        """Sure, or all asked that may be?"""
        return self.is_sure(error, n_votes) | (n_votes >= self.max_votes)


def expected_error(posteriors: np.ndarray) -> np.ndarray:
    """(I,) probability that the chosen label is wrong, from calibrated posteriors (I, K)."""
    return 1 - posteriors.max(axis=1, initial=0)


def is_done(posteriors: np.ndarray, n_votes: np.ndarray, rule: Rule) -> np.ndarray:
    """(I,) bool: sure enough with at least min_votes, or max_votes reached. posteriors (I, K), n_votes (I,); ValueError when these differ
    in I."""
    posteriors, n_votes = _checked(posteriors, n_votes)
    return rule.is_done(expected_error(posteriors), n_votes)


def worth_of_answer(posteriors: np.ndarray, confusion: np.ndarray, n_votes: np.ndarray) -> np.ndarray:
    """(I,) expected rise of the highest posterior by one more answer, in probability.

    confusion: (K, K) of the worker who would answer, P(answer | truth). n_votes: (I,) so far; the next vote counts for
    less the more there are, as in auto.py: its log-likelihood enters with the power 1 / (1 + CORRELATION n)^2.
    Raises ValueError for shapes that do not fit.
    """
    posteriors, n_votes = _checked(posteriors, n_votes)
    confusion = np.asarray(confusion)
    if confusion.shape != (posteriors.shape[1],) * 2:
        raise ValueError(f"confusion must have the shape {(posteriors.shape[1],) * 2}: truth, answer.")
    power = 1 / (1 + CORRELATION * n_votes) ** 2
    worth = -posteriors.max(axis=1, initial=0)
    for answer in range(posteriors.shape[1]):
        likelihood = np.maximum(confusion[:, answer], 1e-9)
        joint = posteriors * likelihood ** power[:, None]
        seen = posteriors @ likelihood
        worth = worth + seen * joint.max(axis=1) / joint.sum(axis=1)
    return np.maximum(worth, 0)


def next_items(
    posteriors: np.ndarray, n_votes: np.ndarray, rule: Rule, price: np.ndarray | float = 1.0, limit: int | None = None
) -> np.ndarray:
    """Codes of the items to ask about next, most expected error per unit of money first, ties to the lowest code.

    The items that are done are left out. price: (I,) or one number, cost of one more answer on the item. Raises ValueError for
    shapes that do not fit and prices that are not above 0.
    """
    posteriors, n_votes = _checked(posteriors, n_votes)
    return _open_first(expected_error(posteriors), n_votes, rule, price, limit)


def most_doubtful_first(error: np.ndarray, price: np.ndarray | float = 1.0) -> np.ndarray:
    """Codes of all items, most expected error (I,) per unit of money first, ties to the lowest code. ValueError for a price (I,) that is
    not above 0."""
    price = np.broadcast_to(np.asarray(price, dtype=float), error.shape)
    if np.any(price <= 0):
        raise ValueError("price must be above 0 for every item.")
    return np.argsort(-(error / price), kind="stable")


def _open_first(
    error: np.ndarray, n_votes: np.ndarray, rule: Rule, price: np.ndarray | float, limit: int | None
) -> np.ndarray:
    order = most_doubtful_first(error, price)
    order = order[~rule.is_done(error, n_votes)[order]]
    return order if limit is None else order[:limit]


def ask_next(
    decided: Decisions, rule: Rule, prices: Mapping[Hashable, float] | None = None, limit: int | None = None
) -> list[Hashable]:
    """The items to ask about next, by id, whatever the shape of their answers.

    Parameters
    ----------
    decided : Decisions
        What a model says now.
    rule : Rule
        When an item is done.
    prices : mapping of item id to float, optional
        Cost of one more answer, above 0; 1 where it is not given.
    limit : int, optional
        At most so many items.

    Returns
    -------
    list of item ids
        Open items, most expected error per unit of money first, ties in the order of the table.

    Raises
    ------
    ValueError
        For a price that is not above 0.
    """
    items, known = decided.item_ids.tolist(), prices or {}
    price = np.array([known.get(item, 1.0) for item in items], dtype=float)
    error = 1 - np.asarray(decided.sure, dtype=float)
    order = _open_first(error, np.asarray(decided.counts), rule, price, limit)
    return [items[code] for code in order.tolist()]


def _checked(posteriors: np.ndarray, n_votes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    posteriors, n_votes = np.asarray(posteriors, dtype=float), np.asarray(n_votes)
    if posteriors.ndim != 2 or n_votes.shape != posteriors.shape[:1]:
        raise ValueError(f"n_votes must be one number for each of the {len(posteriors)} rows of posteriors.")
    return posteriors, n_votes


def best_worker(posterior: np.ndarray, confusions: np.ndarray, n_votes: int, price: np.ndarray | float = 1.0) -> int:
    """The worker (row of confusions (W, K, K)) whose answer on one item is worth most per unit of money, ties to the lowest row.

    posterior (K,); n_votes: of the item; price (W,) or one number. Raises ValueError as `worth_of_answer`.
    """
    one = np.array([n_votes])
    worth = np.array([worth_of_answer(posterior[None], confusion, one)[0] for confusion in confusions])
    return int(np.argmax(worth / price))
