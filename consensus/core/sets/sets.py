"""Sets: who chose which labels on which item, int-coded once; and how far two sets agree.

An empty set is an answer: "looked, and chose none". Only two things are kept, both in canonical order, so that a result never
depends on the order of arrival: the looks (item, worker), one an answer, and the choices (item, worker, label).
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import pairwise

import numpy as np
from scipy import sparse

from ..answers.codes import mean_by, pairs_within
from ..answers.ids import Coded, encode, equally_long


@dataclass(frozen=True, eq=False)
class Sets(Coded):
    """A answers on I items by W workers with L labels, C choices in all.

    item_codes, worker_codes: int32 (A,), sorted by item, then worker. choice_answers int64 (C,): the answer of each choice;
    choice_labels int32 (C,). weights float64 (A,): for how much of an answer each counts. item_ids (I,), worker_ids (W,), labels
    (L,): the caller's id of each code.
    """

    item_codes: np.ndarray
    worker_codes: np.ndarray
    choice_answers: np.ndarray
    choice_labels: np.ndarray
    weights: np.ndarray
    item_ids: np.ndarray = field(repr=False)
    worker_ids: np.ndarray = field(repr=False)
    labels: np.ndarray = field(repr=False)

    @classmethod
    def from_rows(
        cls,
        items: Sequence[Hashable],
        workers: Sequence[Hashable],
        answers: Sequence[Collection[Hashable]],
        labels: Sequence[Hashable] | None = None,
        repeats: str = "share",
        *,
        item_ids: Sequence[Hashable] | None = None,
        worker_ids: Sequence[Hashable] | None = None,
    ) -> Sets:
        """Encode rows of ids of any hashable type; an answer is a collection of labels, and a label named twice counts once.

        labels, item_ids and worker_ids as in Votes.from_rows. repeats: several answers of one worker on one item "share" the weight of
        one, for they are one pair of eyes, and the models count workers; or "keep" all, keep the "last" row, or "refuse". Raises
        ValueError, in one sentence that names the
        argument, for unequal lengths, an answer that is no collection, an unknown or missing id, and a refused repeat.
        """
        items, workers, answers = equally_long(items=items, workers=workers, answers=answers)
        if repeats not in ("share", "keep", "last", "refuse"):
            raise ValueError(f'repeats must be "share", "keep", "last" or "refuse", not {repeats!r}.')
        for answer in answers:
            if isinstance(answer, str | bytes) or not isinstance(answer, Collection):
                raise ValueError(f"answers: each must be a collection of labels, not {answer!r}.")
        item_codes, all_items = encode(items, item_ids, "items")
        worker_codes, all_workers = encode(workers, worker_ids, "workers")
        named = [label for answer in answers for label in answer]
        label_codes, all_labels = encode(named, labels, "answers")
        rows = np.repeat(np.arange(len(answers)), [len(answer) for answer in answers])
        looks = _Looks(item_codes, worker_codes, rows, label_codes, len(all_workers), len(all_labels))
        if repeats in ("last", "refuse"):
            looks = looks.without_repeats(repeats == "refuse", all_items, all_workers)
        item, worker, chosen_in, chosen = looks.in_order()
        return cls(item, worker, chosen_in, chosen, _weights(item, worker, repeats), all_items, all_workers, all_labels)

    @property
    def n_answers(self) -> int:
        """A."""
        return len(self.item_codes)

    @property
    def n_labels(self) -> int:
        """L."""
        return len(self.labels)

    @cached_property
    def answers_per_item(self) -> np.ndarray:
        """(I,) float64."""
        return np.bincount(self.item_codes, self.weights, minlength=self.n_items)

    @cached_property
    def answers_per_worker(self) -> np.ndarray:
        """(W,) float64."""
        return np.bincount(self.worker_codes, self.weights, minlength=self.n_workers)

    @cached_property
    def looks(self) -> sparse.csr_array:
        """(I, W): how often each worker answered each item."""
        shape = (self.n_items, self.n_workers)
        return sparse.coo_array((self.weights, (self.item_codes, self.worker_codes)), shape=shape).tocsr()

    @cached_property
    def chosen_by_item(self) -> np.ndarray:
        """(I, L): how often each label was chosen on each item."""
        return self.sum_choices(self.item_codes, self.n_items)

    @cached_property
    def chosen_by_worker(self) -> np.ndarray:
        """(W, L): how often each worker chose each label."""
        return self.sum_choices(self.worker_codes, self.n_workers)

    @cached_property
    def empty_by_item(self) -> np.ndarray:
        """(I,): how many empty sets an item got."""
        size = np.bincount(self.choice_answers, minlength=self.n_answers)
        return np.bincount(self.item_codes, np.where(size == 0, self.weights, 0.0), minlength=self.n_items)

    def sum_choices(self, of_answer: np.ndarray, n: int, weights: np.ndarray | None = None) -> np.ndarray:
        """(n, L): the weights (C,), or ones, of the choices, times those of their answers, summed by the code that `of_answer` (A,)
        gives the answer."""
        own = self.weights[self.choice_answers]
        weights = own if weights is None else own * weights
        cells = of_answer[self.choice_answers].astype(np.int64) * self.n_labels + self.choice_labels
        return np.bincount(cells, weights=weights, minlength=n * self.n_labels).reshape(n, self.n_labels)

    def keep_labels(self, kept: np.ndarray) -> Sets:
        """The same answers with some of the labels, kept (L,) bool; choices of others are left out, answers stay."""
        new, mine = np.cumsum(kept) - 1, kept[self.choice_labels]
        choices = self.choice_answers[mine], new[self.choice_labels[mine]].astype(np.int32)
        return replace(self, choice_answers=choices[0], choice_labels=choices[1], labels=self.labels[kept])

    def matrix(self) -> np.ndarray:
        """(A, L) bool: the answers as sets."""
        table = np.zeros((self.n_answers, self.n_labels), dtype=bool)
        table[self.choice_answers, self.choice_labels] = True
        return table


def _weights(item: np.ndarray, worker: np.ndarray, repeats: str) -> np.ndarray:
    """(A,) ones, or the inverse of how often the worker answered the item; rows are sorted by item, then worker."""
    if repeats == "keep" or not len(item):
        return np.ones(len(item))
    new = np.append(True, (np.diff(item) != 0) | (np.diff(worker) != 0))
    return 1 / np.bincount(np.cumsum(new) - 1)[np.cumsum(new) - 1]


@dataclass(frozen=True)
class _Looks:
    """Rows as they came: codes of the answers, and of the choices by row."""

    items: np.ndarray
    workers: np.ndarray
    rows: np.ndarray
    labels: np.ndarray
    n_workers: int
    n_labels: int

    @property
    def pairs(self) -> np.ndarray:
        return self.items.astype(np.int64) * max(self.n_workers, 1) + self.workers

    def without_repeats(self, refuse: bool, item_ids: np.ndarray, worker_ids: np.ndarray) -> _Looks:
        """The last row of each pair of item and worker."""
        pairs = self.pairs
        _, last = np.unique(pairs[::-1], return_index=True)
        kept = np.zeros(len(pairs), dtype=bool)
        kept[len(pairs) - 1 - last] = True
        if refuse and not kept.all():
            row = int(np.argmin(kept))
            item, worker = item_ids.tolist()[self.items[row]], worker_ids.tolist()[self.workers[row]]
            raise ValueError(f"worker {worker!r} answers item {item!r} more than once; send one answer a pair.")
        new, mine = np.cumsum(kept) - 1, kept[self.rows]
        columns = self.items[kept], self.workers[kept], new[self.rows[mine]], self.labels[mine]
        return _Looks(*columns, self.n_workers, self.n_labels)

    def in_order(self) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """Answers by (item, worker, set), choices by (answer, label), each once."""
        choices = np.unique(self.rows.astype(np.int64) * max(self.n_labels, 1) + self.labels)
        rows, labels = choices // max(self.n_labels, 1), choices % max(self.n_labels, 1)
        order = np.lexsort((self._rank_of_sets(rows, labels), self.pairs))
        place = np.empty(len(order), dtype=np.int64)
        place[order] = np.arange(len(order))
        again = np.lexsort((labels, place[rows]))
        return self.items[order], self.workers[order], place[rows][again], labels[again].astype(np.int32)

    def _rank_of_sets(self, rows: np.ndarray, labels: np.ndarray) -> np.ndarray:
        """(A,) a number for each set, so that repeats of one pair stand in one order; zeros when there are none."""
        if len(np.unique(self.pairs)) == len(self.items):
            return np.zeros(len(self.items), dtype=np.int64)
        starts = np.searchsorted(rows, np.arange(len(self.items) + 1))
        sets = [tuple(labels[lo:hi].tolist()) for lo, hi in pairwise(starts)]
        rank = {found: place for place, found in enumerate(sorted(set(sets)))}
        return np.array([rank[found] for found in sets], dtype=np.int64)


def jaccard(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """(P,) size of the intersection over that of the union of sets a, b (P, L) bool; two empty sets agree fully.

    P. Jaccard, The distribution of the flora in the alpine zone, New Phytologist 11 (1912), doi:10.1111/j.1469-8137.1912.tb05611.x.
    """
    union = (a | b).sum(axis=1)
    return np.where(union > 0, (a & b).sum(axis=1) / np.maximum(union, 1), 1.0)


def masi(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """(P,) Jaccard times 1 for equal sets, 2/3 when one holds the other, 1/3 when they overlap, 0 when disjoint.

    R. Passonneau, Measuring Agreement on Set-valued Items (MASI) for Semantic and Pragmatic Annotation, LREC 2006.
    """
    only_a, only_b = (a & ~b).any(axis=1), (b & ~a).any(axis=1)
    return jaccard(a, b) * np.where(only_a & only_b, 1 / 3, np.where(only_a | only_b, 2 / 3, 1.0))


@dataclass(frozen=True, eq=False)
class SetAgreement:
    """Agreement of every two answers to one item: item, worker_a, worker_b codes and value (P,)."""

    item: np.ndarray
    worker_a: np.ndarray
    worker_b: np.ndarray
    value: np.ndarray
    n_items: int
    n_workers: int

    def by_item(self) -> np.ndarray:
        """(I,) mean over the pairs of an item; nan with fewer than two answers."""
        return mean_by(self.item, self.value, self.n_items)

    def by_worker(self) -> np.ndarray:
        """(W,) mean over the pairs that a worker is part of; nan for who was always alone."""
        return mean_by(np.concatenate([self.worker_a, self.worker_b]), np.tile(self.value, 2), self.n_workers)


def set_agreement(sets: Sets, measure=masi) -> SetAgreement:
    """measure: masi or jaccard, of two tables (P, L)."""
    first, second = pairs_within(sets.item_codes)
    table = sets.matrix()
    value = measure(table[first], table[second])
    workers = sets.worker_codes
    return SetAgreement(sets.item_codes[first], workers[first], workers[second], value, sets.n_items, sets.n_workers)
