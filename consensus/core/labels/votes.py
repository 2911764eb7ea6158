"""Votes: one int-coded sparse table of (item, worker, answer), built once and read by every categorical method.

Rows are kept in canonical order (item, worker, answer), so a result never depends on the order of arrival.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from scipy import sparse

from ..answers.ids import RUN_ROWS, Coded, encode, encode_answers, id_array, id_of, runs
from .incidence import Part, cut_parts

MAX_CONFUSION_CELLS = 200_000_000


@dataclass(frozen=True, eq=False)
class Votes(Coded):
    """N votes on I items by W workers with K labels.

    item_codes, worker_codes, answer_codes: int32 arrays (N,), sorted by item, then worker, then answer.
    item_ids (I,), worker_ids (W,), labels (K,): arrays that give the caller's id of each code.
    Items and workers without votes are allowed. Build it with `from_rows` (ids of any type) or `from_codes`.
    """

    item_codes: np.ndarray
    worker_codes: np.ndarray
    answer_codes: np.ndarray
    item_ids: np.ndarray = field(repr=False)
    worker_ids: np.ndarray = field(repr=False)
    labels: np.ndarray = field(repr=False)

    @classmethod
    def from_rows(
        cls,
        items: Sequence[Hashable] | np.ndarray,
        workers: Sequence[Hashable] | np.ndarray,
        answers: Sequence[Hashable] | np.ndarray,
        labels: Sequence[Hashable] | None = None,
        repeats: str = "keep",
        *,
        item_ids: Sequence[Hashable] | None = None,
        worker_ids: Sequence[Hashable] | None = None,
    ) -> Votes:
        """Encode rows of ids of any hashable type: columns (N,) of items, workers and answers, in any order of rows.

        labels: all labels in the order that gives their codes (ties: lowest code); default: those seen, sorted.
        repeats: several answers of one worker on one item: "keep" all, keep the "last" row, or "refuse".
        item_ids, worker_ids: the known ids in order, when items or workers without votes must appear in the result.

        Raises ValueError, in one sentence that names the argument, for unequal lengths, an unknown or missing id, an id
        that cannot be one (a list), no labels at all, and for a repeat when repeats="refuse".
        """
        item, worker, said, all_items, all_workers = encode_answers(
            items, workers, item_ids, worker_ids, answers=answers
        )
        answer, all_labels = encode(said, labels, "answers")
        return cls.from_codes(item, worker, answer, all_items, all_workers, all_labels, repeats)

    @classmethod
    def from_codes(
        cls,
        item_codes: np.ndarray,
        worker_codes: np.ndarray,
        answer_codes: np.ndarray,
        item_ids: Sequence[Hashable] | np.ndarray | int,
        worker_ids: Sequence[Hashable] | np.ndarray | int,
        labels: Sequence[Hashable] | np.ndarray | int,
        repeats: str = "keep",
    ) -> Votes:
        """Build from codes (N,) already made; an id argument may be a plain count. Raises ValueError as `from_rows`."""
        ids = [
            np.arange(x) if isinstance(x, (int, np.integer)) else id_array(x) for x in (item_ids, worker_ids, labels)
        ]
        columns = [np.asarray(c) for c in (item_codes, worker_codes, answer_codes)]
        for name, codes, known in zip(("item_codes", "worker_codes", "answer_codes"), columns, ids, strict=True):
            _check_codes(name, codes, len(known))
        if repeats not in ("keep", "last", "refuse"):
            raise ValueError(f'repeats must be "keep", "last" or "refuse", not {repeats!r}.')
        if not len(ids[2]):
            raise ValueError("labels must name at least one label.")
        if not len(columns[0]) == len(columns[1]) == len(columns[2]):
            raise ValueError("item_codes, worker_codes and answer_codes must be equally long.")
        if repeats == "last":
            columns = _last_rows(columns, len(ids[1]))
        columns = _canonical_order(columns, [len(x) for x in ids])
        votes = cls(*columns, *ids)
        if repeats == "refuse":
            votes._refuse_repeats()
        for array in columns:
            array.flags.writeable = False
        return votes

    @property
    def n_votes(self) -> int:
        """N."""
        return len(self.item_codes)

    @property
    def n_labels(self) -> int:
        """K."""
        return len(self.labels)

    @cached_property
    def item_starts(self) -> np.ndarray:
        """(I + 1,) int64: the votes of item i are rows item_starts[i]:item_starts[i + 1]."""
        return np.concatenate(([0], np.cumsum(np.bincount(self.item_codes, minlength=self.n_items))))

    @property
    def votes_per_item(self) -> np.ndarray:
        """(I,) int64."""
        return np.diff(self.item_starts)

    @cached_property
    def votes_per_worker(self) -> np.ndarray:
        """(W,) int64."""
        return np.bincount(self.worker_codes, minlength=self.n_workers)

    @cached_property
    def counts(self) -> np.ndarray:
        """(I, K) float64: how often each label was given to each item."""
        return self.count_labels()

    def count_labels(self, weights: np.ndarray | None = None) -> np.ndarray:
        """(I, K) float64: the votes, or their workers' summed weights (W,), for each label of each item."""
        table = np.empty((self.n_items, self.n_labels))
        size = max(RUN_ROWS // max(self.n_labels, 1), 1)
        for low in range(0, self.n_items, size):
            block = table[low : low + size]
            rows = slice(self.item_starts[low], self.item_starts[low + len(block)])
            cells = (self.item_codes[rows] - low) * np.int64(self.n_labels) + self.answer_codes[rows]
            weight = None if weights is None else weights[self.worker_codes[rows]]
            block[:] = np.bincount(cells, weight, minlength=block.size).reshape(block.shape)
        return table

    @cached_property
    def columns(self) -> np.ndarray:
        """(N,) int32: worker * K + answer, the row of each vote in a table of answers by worker."""
        check_confusion_size(self.n_workers, self.n_labels)
        return self.worker_codes * np.int32(self.n_labels) + self.answer_codes

    @cached_property
    def by_item(self) -> sparse.csr_array:
        """(I, W*K) sparse ones: row = item, column = worker * K + answer; repeats stay separate entries."""
        starts = self.item_starts.astype(np.int32)
        shape = (self.n_items, self.n_workers * self.n_labels)
        return sparse.csr_array((np.ones(self.n_votes), self.columns, starts), shape=shape)

    @cached_property
    def parts(self) -> list[Part]:
        """The same matrix, cut for the passes of EM."""
        return cut_parts(self.columns, self.item_starts, self.n_workers * self.n_labels)

    def select_items(self, codes: np.ndarray | slice) -> Votes:
        """The votes on some items only; workers and labels stay, items are renumbered in the given order.

        codes: (n,) item codes, each once (else ValueError), or a slice."""
        codes = np.arange(self.n_items)[codes]
        if len(np.unique(codes)) != len(codes):
            raise ValueError("codes names an item twice; name each item once.")
        new = np.full(self.n_items, -1, dtype=np.int32)
        new[codes] = np.arange(len(codes), dtype=np.int32)
        return self._keep(new[self.item_codes] >= 0, new[self.item_codes], self.item_ids[codes])

    def select_rows(self, rows: np.ndarray) -> Votes:
        """Some of the votes (a boolean mask (N,) or row numbers (n,)); items, workers and labels stay, also those left empty."""
        mask = np.zeros(self.n_votes, dtype=bool)
        mask[rows] = True
        return self._keep(mask, self.item_codes, self.item_ids)

    def _keep(self, mask: np.ndarray, item_codes: np.ndarray, item_ids: np.ndarray) -> Votes:
        columns = (item_codes[mask], self.worker_codes[mask], self.answer_codes[mask])
        return Votes.from_codes(*columns, item_ids, self.worker_ids, self.labels)

    def _refuse_repeats(self) -> None:
        same = (np.diff(self.item_codes) == 0) & (np.diff(self.worker_codes) == 0)
        if same.any():
            row = int(np.argmax(same))
            item, worker = id_of(self.item_ids, self.item_codes[row]), id_of(self.worker_ids, self.worker_codes[row])
            raise ValueError(f"worker {worker!r} answers item {item!r} more than once; send one answer a pair.")


def confusion_fits(n_workers: int, n_labels: int) -> bool:
    """Is a confusion table (workers, labels, labels) of at most MAX_CONFUSION_CELLS numbers?"""
    return n_workers * n_labels * n_labels <= MAX_CONFUSION_CELLS


def check_confusion_size(n_workers: int, n_labels: int) -> None:
    """Refuse (ValueError) a confusion table that would not fit; one-coin methods need none."""
    if not confusion_fits(n_workers, n_labels):
        raise ValueError(
            f"labels: {n_labels} labels x {n_workers} workers make a confusion table of over {MAX_CONFUSION_CELLS:,} "
            "numbers; use one_coin or majority_vote."
        )


def _check_codes(name: str, codes: np.ndarray, n_known: int) -> None:
    if codes.ndim != 1 or (len(codes) and codes.dtype.kind not in "iu"):
        raise ValueError(f"{name} must be a one-dimensional array of integers.")
    if len(codes) and not (codes.min() >= 0 and codes.max() < n_known):
        raise ValueError(f"{name} must lie between 0 and {n_known - 1}; found {codes.min()} to {codes.max()}.")


def _last_rows(columns: list[np.ndarray], n_workers: int) -> list[np.ndarray]:
    pairs = columns[0].astype(np.int64) * n_workers + columns[1]
    _, last = np.unique(pairs[::-1], return_index=True)
    return [column[len(pairs) - 1 - last] for column in columns]


def _canonical_order(columns: list[np.ndarray], sizes: list[int]) -> list[np.ndarray]:
    """Sort by (item, worker, answer): one key of packed bits, so that the sort moves 8 bytes a vote."""
    _, worker_bits, answer_bits = bits = [max(size - 1, 0).bit_length() for size in sizes]
    if sum(bits) > 63:
        order = np.lexsort(columns[::-1])
        return [column[order].astype(np.int32) for column in columns]
    key = np.empty(len(columns[0]), dtype=np.int64)
    for rows in runs(len(key)):
        part = columns[0][rows].astype(np.int64)
        for column, width in zip(columns[1:], bits[1:], strict=True):
            part = part << width | column[rows].astype(np.int64, copy=False)
        key[rows] = part
    key.sort()
    items, workers, answers = (np.empty(len(key), dtype=np.int32) for _ in columns)
    for rows in runs(len(key)):
        part = key[rows]
        items[rows] = part >> (worker_bits + answer_bits)
        workers[rows] = part >> answer_bits & ((1 << worker_bits) - 1)
        answers[rows] = part & ((1 << answer_bits) - 1)
    return [items, workers, answers]
