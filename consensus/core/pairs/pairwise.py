"""Comparisons of two items (left, right or a tie) as one int-coded table, and what a ranking method returns."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

import numpy as np
from scipy import sparse
from scipy.sparse.linalg import splu
from scipy.special import ndtr

from ..answers.ids import Coded, encode, equally_long, id_array, id_of
from .davidson import probabilities, slopes
from .gaussian import conjugate_gradients

OUTCOMES = ("left", "right", "tie")
LEFT, RIGHT, TIE = range(3)
PAIRS_AT_ONCE = 64
MAX_FACTORED = 4000


@dataclass(frozen=True, eq=False)
class Comparisons(Coded):
    """C distinct comparisons among I items by W workers; items are compared within their group only.

    left, right: int64 (C,) item codes; worker: int64 (C,); outcome: int64 (C,), codes of OUTCOMES; times: float (C,),
    how often that worker said so. Sorted by left, right, worker, outcome, so that no result depends on the order of
    arrival. group_of_item: int64 (I,). item_ids (I,): the caller's id of each item, (group, item) where groups were
    given; worker_ids (W,). Items and workers without comparisons are allowed.
    """

    left: np.ndarray
    right: np.ndarray
    worker: np.ndarray
    outcome: np.ndarray
    times: np.ndarray
    group_of_item: np.ndarray
    item_ids: np.ndarray = field(repr=False)
    worker_ids: np.ndarray = field(repr=False)

    @classmethod
    def from_rows(
        cls,
        left: Sequence[Hashable] | np.ndarray,
        right: Sequence[Hashable] | np.ndarray,
        workers: Sequence[Hashable] | np.ndarray,
        outcomes: Sequence[str] | np.ndarray,
        groups: Sequence[Hashable] | np.ndarray | None = None,
        *,
        item_ids: Sequence[Hashable] | None = None,
        worker_ids: Sequence[Hashable] | None = None,
    ) -> Comparisons:
        """Encode columns (C,) of ids of any hashable type; outcomes are "left", "right" or "tie".

        groups: the query of each row, when items are compared within queries; an item of two queries is two items.
        item_ids: all known items in order ((group, item) with groups); worker_ids: all known workers in order.
        Raises ValueError, in one sentence that names the argument, for unequal lengths, an unknown or missing id or
        outcome, and an item compared with itself.
        """
        columns = {"left": left, "right": right, "workers": workers, "outcomes": outcomes}
        left, right, workers, outcomes, *more = equally_long(
            **columns, **({} if groups is None else {"groups": groups})
        )
        groups = more[0] if more else None
        items, ids, group = _encode_items(left, right, groups, item_ids)
        worker, all_workers = encode(workers, worker_ids, "workers")
        outcome, _ = encode(list(outcomes), OUTCOMES, "outcomes")
        return cls.from_codes(items[: len(left)], items[len(left) :], worker, outcome, ids, all_workers, group)

    @classmethod
    def from_codes(
        cls,
        left: np.ndarray,
        right: np.ndarray,
        worker: np.ndarray,
        outcome: np.ndarray,
        item_ids: Sequence[Hashable] | np.ndarray | int,
        worker_ids: Sequence[Hashable] | np.ndarray | int,
        group_of_item: np.ndarray | None = None,
    ) -> Comparisons:
        """Build from codes (C,) already made; an id argument may be a plain count. Raises ValueError as `from_rows`."""
        items, workers = id_array(item_ids), id_array(worker_ids)
        group = np.zeros(len(items), dtype=np.int64) if group_of_item is None else np.asarray(group_of_item)
        columns = [np.asarray(column) for column in (left, right, worker, outcome)]
        limits = (len(items), len(items), len(workers), len(OUTCOMES))
        for name, column, limit in zip(("left", "right", "worker", "outcome"), columns, limits, strict=True):
            _check_codes(name, column, limit, len(columns[0]))
        _check_codes("group_of_item", group, np.iinfo(np.int64).max, len(items))
        _check_pairs(columns[0], columns[1], group, items)
        (lefts, rights, who, said), times = _distinct(columns)
        return cls(lefts, rights, who, said, times, group.astype(np.int64), items, workers)

    @property
    def n_comparisons(self) -> int:
        """Rows, repeats counted."""
        return int(self.times.sum())

    @property
    def has_ties(self) -> bool:
        """Did anybody ever say tie?"""
        return bool((self.outcome == TIE).any())

    def per_worker(self, values: np.ndarray) -> np.ndarray:
        """(W,) sums of values (C,)."""
        return np.bincount(self.worker, values, minlength=self.n_workers)

    def habits(self, values: np.ndarray) -> np.ndarray:
        """(W, 3) sums of values (C,) by worker and outcome."""
        cells = np.bincount(self.worker * 3 + self.outcome, values, minlength=3 * self.n_workers)
        return cells.reshape(self.n_workers, 3)

    def per_item(self, values: np.ndarray) -> np.ndarray:
        """(I,) sums of values (C,), counted for the left item and against the right one."""
        gained = np.bincount(self.left, values, minlength=self.n_items)
        return gained - np.bincount(self.right, values, minlength=self.n_items)


class Chances(NamedTuple):
    """Each (P,): chances that the crowd says left, right or tie, and the probability that left's score is higher."""

    left: np.ndarray
    right: np.ndarray
    tie: np.ndarray
    left_is_better: np.ndarray


@dataclass(frozen=True, eq=False)
class Ranking:
    """scores (I,): log strengths, mean 0 in each group, a unit of 1 means odds of e; errors (I,): their standard errors.

    order (I,): item codes by group, best first; scores equal to 1e-9 tie, and the lowest code comes first.
    reliability (W,): the probability that a worker looks at a pair before answering (1 where workers are not
    modelled); habits (W, 3): what she says when she does not; tie_weight (W,): her Davidson tie parameter (log; -inf
    when nobody ever says tie). spread: standard deviation of scores before any comparison. precision (I, I): sparse.
    log_likelihood per comparison; n_iter and converged of the iteration.
    """

    scores: np.ndarray
    errors: np.ndarray
    order: np.ndarray
    reliability: np.ndarray
    habits: np.ndarray
    tie_weight: np.ndarray
    crowd_tie_weight: float
    spread: float
    precision: sparse.csc_array = field(repr=False)
    log_likelihood: float = 0.0
    n_iter: int = 1
    converged: bool = True

    @cached_property
    def _solve(self) -> Callable[[np.ndarray], np.ndarray]:
        """Exact while a factor of the precision is sure to fit, else by conjugate gradients."""
        if len(self.scores) <= MAX_FACTORED:
            return splu(self.precision).solve
        rows = self.precision.tocsr()
        return lambda targets: conjugate_gradients(rows, targets)

    def compare(self, left: np.ndarray, right: np.ndarray) -> Chances:
        """What to expect of pairs of item codes (P,), averaged over the uncertainty of their scores.

        Pairs should be of one group; scores of different groups are not comparable.
        """
        left, right = (np.atleast_1d(np.asarray(codes)) for codes in (left, right))
        gap, error = self.scores[left] - self.scores[right], self._gap_errors(left, right)
        nodes, weights = np.polynomial.hermite_e.hermegauss(15)
        drawn = gap[:, None] + error[:, None] * nodes
        tie = np.full(drawn.size, self.crowd_tie_weight)
        expected = probabilities(drawn.ravel(), tie).reshape(3, *drawn.shape) @ (weights / weights.sum())
        better = ndtr(gap / np.maximum(error, 1e-12)) if len(gap) else gap
        return Chances(expected[LEFT], expected[RIGHT], expected[TIE], better)

    def worth(self, left: np.ndarray, right: np.ndarray) -> np.ndarray:
        """(P,) how much one more careful comparison of each pair helps the order: the probability that the pair is in
        the wrong order now, times the nats that an answer is expected to tell about its score difference,
        ln(1 + I v) / 2 with the Fisher information I of an answer and the variance v of the difference.

        Ask the pair with the highest worth next.
        """
        left, right = (np.atleast_1d(np.asarray(codes)) for codes in (left, right))
        gap, error = self.scores[left] - self.scores[right], self._gap_errors(left, right)
        chances = probabilities(gap, np.full(len(gap), self.crowd_tie_weight))
        information = (chances * slopes(chances).gap ** 2).sum(axis=0)
        return ndtr(-np.abs(gap) / np.maximum(error, 1e-12)) * np.log1p(information * error**2) / 2

    def _gap_errors(self, left: np.ndarray, right: np.ndarray) -> np.ndarray:
        """(P,) standard errors of score differences, their covariance included."""
        errors = np.empty(len(left))
        for start in range(0, len(left), PAIRS_AT_ONCE):
            part = slice(start, start + PAIRS_AT_ONCE)
            contrast = np.zeros((len(self.scores), len(left[part])))
            np.add.at(contrast, (left[part], np.arange(contrast.shape[1])), 1.0)
            np.add.at(contrast, (right[part], np.arange(contrast.shape[1])), -1.0)
            errors[part] = np.sqrt(np.maximum((contrast * self._solve(contrast)).sum(axis=0), 0.0))
        return errors


def ordered(scores: np.ndarray, group_of_item: np.ndarray) -> np.ndarray:
    """(I,) item codes by group, best first; ties (to 1e-9) to the lowest code."""
    return np.lexsort((np.arange(len(scores)), -np.round(scores, 9), group_of_item))


def _encode_items(
    left: Sequence[Hashable] | np.ndarray,
    right: Sequence[Hashable] | np.ndarray,
    groups: Sequence[Hashable] | np.ndarray | None,
    known: Sequence[Hashable] | None,
) -> tuple[np.ndarray, np.ndarray, np.ndarray | None]:
    """(codes of left and then right, ids, group of each item): with groups an item is a pair (group, item)."""
    arrays = isinstance(left, np.ndarray) and isinstance(right, np.ndarray) and left.dtype.kind == right.dtype.kind
    names, all_names = encode(np.concatenate([left, right]) if arrays else [*left, *right], None, "items")
    if groups is None:
        return *((names, all_names) if known is None else encode([*left, *right], known, "items")), None
    group, all_groups = encode(groups, None, "groups")
    key = np.tile(group.astype(np.int64), 2) * max(len(all_names), 1) + names
    distinct, codes = np.unique(key, return_inverse=True)
    group_of, name_of = np.divmod(distinct, max(len(all_names), 1))
    pairs = list(zip(all_groups[group_of].tolist(), all_names[name_of].tolist(), strict=True))
    if known is None:
        return codes, id_array(pairs), group_of
    place, ids = encode(pairs, known, "items")
    return place[codes], ids, encode([key[0] for key in ids.tolist()], None, "groups")[0]


def _check_codes(name: str, codes: np.ndarray, limit: int, length: int) -> None:
    if codes.shape != (length,) or (length and codes.dtype.kind not in "iu"):
        raise ValueError(f"{name} must be {length} integers in one dimension.")
    if length and not 0 <= codes.min() <= codes.max() < limit:
        raise ValueError(f"{name} must lie between 0 and {limit - 1}; found {codes.min()} to {codes.max()}.")


def _check_pairs(left: np.ndarray, right: np.ndarray, group: np.ndarray, items: np.ndarray) -> None:
    if (same := left == right).any():
        raise ValueError(f"right: item {id_of(items, left[same.argmax()])!r} is compared with itself; drop that row.")
    if (apart := group[left] != group[right]).any():
        row = int(apart.argmax())
        raise ValueError(
            f"right: {id_of(items, left[row])!r} and {id_of(items, right[row])!r} are of different groups; drop that row."
        )


def _distinct(columns: list[np.ndarray]) -> tuple[list[np.ndarray], np.ndarray]:
    """The distinct rows in canonical order, and how often each occurs."""
    columns = [column.astype(np.int64) for column in columns]
    order = np.lexsort(columns[::-1])
    columns = [column[order] for column in columns]
    new = np.ones(len(order), dtype=bool)
    new[1:] = np.any([np.diff(column) != 0 for column in columns], axis=0)
    starts = np.flatnonzero(new)
    return [column[starts] for column in columns], np.diff(np.append(starts, len(order))).astype(float)
