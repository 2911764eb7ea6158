"""What many workers drew on many items, as flat integer-coded arrays: the one input of every region method.

An *answer* is one worker's look at one item, also when she drew nothing: silence is evidence too.
A *mark* is one thing that she drew: a box, polygon, span, time range, set of keypoints.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any

import numpy as np

from ..answers.codes import group, pairs_within
from ..answers.ids import encode, equally_long

CROWDED = 300  # marks on one item from which a tree of boxes pays
LARGEST = 1e100  # of a coordinate: its square is still a number


@dataclass(frozen=True)
class Marks:
    """A answers with M marks on N items by W workers.

    item, worker: (A,) codes of each answer's item and worker, 0 <= item < n_items, 0 <= worker < n_workers.
    answer: (M,) the answer each mark belongs to. label: (M,) label codes, 0 <= label < n_labels.
    shape: (M, ...) array or list of M geometries, whatever the method says it takes.
    item_ids (N,), worker_ids (W,), labels (K,): the caller's id of each code. Build it with `from_rows` (ids of any type) or, from
    codes, with `marks_from_rows`. oracle: the code of a worker whose looks are the truth; nothing is learned of her.
    """

    item: np.ndarray
    worker: np.ndarray
    answer: np.ndarray
    label: np.ndarray
    shape: np.ndarray | list
    n_items: int
    n_workers: int
    n_labels: int = 1
    item_ids: np.ndarray = field(default=None, repr=False)  # type: ignore[arg-type]
    worker_ids: np.ndarray = field(default=None, repr=False)  # type: ignore[arg-type]
    labels: np.ndarray = field(default=None, repr=False)  # type: ignore[arg-type]
    oracle: int | None = None
    mark_item: np.ndarray = field(init=False, repr=False)
    mark_worker: np.ndarray = field(init=False, repr=False)

    def __post_init__(self) -> None:
        for name in ("item", "worker", "answer", "label"):
            object.__setattr__(self, name, _codes(getattr(self, name), name))
        _check_codes(self.item, self.n_items, "item")
        _check_codes(self.worker, self.n_workers, "worker")
        _check_codes(self.answer, len(self.item), "answer")
        _check_codes(self.label, self.n_labels, "label")
        if not len(self.item) == len(self.worker) or not len(self.answer) == len(self.label) == len(self.shape):
            raise ValueError("marks: item and worker need one entry per answer; answer, label and shape one per mark.")
        for ids, n in (("item_ids", self.n_items), ("worker_ids", self.n_workers), ("labels", self.n_labels)):
            object.__setattr__(self, ids, np.arange(n) if getattr(self, ids) is None else getattr(self, ids))
        object.__setattr__(self, "mark_item", self.item[self.answer])
        object.__setattr__(self, "mark_worker", self.worker[self.answer])

    @classmethod
    def from_rows(
        cls,
        items: Iterable[Hashable],
        workers: Iterable[Hashable],
        shapes: Iterable[Sequence],
        names: Iterable[Sequence[Hashable]] | None = None,
        *,
        labels: Sequence[Hashable] | None = None,
        item_ids: Sequence[Hashable] | None = None,
        worker_ids: Sequence[Hashable] | None = None,
    ) -> Marks:
        """Encode answers with ids of any hashable type: one row per answer, with the shapes that she drew (none: an empty list).

        names: the label of each of her marks; default: one label for all. labels, item_ids, worker_ids: all known ones in order, as in
        Votes.from_rows. Raises ValueError, in one sentence that names the argument, for unequal lengths, an unknown or missing id, and
        as many names as shapes not being there.
        """
        which, who, every = equally_long(items=items, workers=workers, shapes=shapes)
        said = [[0] * len(drawn) for drawn in every] if names is None else list(names)
        for row, drawn in enumerate(every):
            if len(said) != len(every) or len(drawn) != len(said[row]):
                raise ValueError(f"names: row {row} needs one label for each of its {len(drawn)} shapes.")
        item, all_items = encode(which, item_ids, "items")
        worker, all_workers = encode(who, worker_ids, "workers")
        label, known = encode([name for named in said for name in named], labels, "names")
        known = known if len(known) else np.arange(1)
        answer = np.repeat(np.arange(len(every)), [len(drawn) for drawn in every])
        counts = len(all_items), len(all_workers), len(known)
        return cls(
            item, worker, answer, label, [s for drawn in every for s in drawn], *counts, all_items, all_workers, known
        )

    @property
    def n_answers(self) -> int:
        """A."""
        return len(self.item)

    def marks_by_item(self) -> list[np.ndarray]:
        """N arrays: indices into (M,) of the marks of every item, in order of the marks."""
        return group(self.mark_item, self.n_items)


def marks_from_rows(
    rows: Iterable[tuple[int, int, Sequence, Sequence[int] | None]],
    n_items: int | None = None,
    n_workers: int | None = None,
    n_labels: int | None = None,
) -> Marks:
    """Build `Marks` from rows (item, worker, shapes, labels): one row per answer, shapes may be empty, labels None for one label.

    The counts default to the highest code + 1. ValueError for codes that are no whole numbers or out of range, and labels and
    shapes of different numbers. For ids of any type: `Marks.from_rows`.
    """
    item: list[int] = []
    worker: list[int] = []
    answer: list[int] = []
    label: list[int] = []
    shape: list = []
    for number, (i, w, shapes, labels) in enumerate(rows):
        item.append(i)
        worker.append(w)
        shape.extend(shapes)
        label.extend([0] * len(shapes) if labels is None else labels)
        answer.extend([number] * len(shapes))
    return Marks(
        item=np.array(item),
        worker=np.array(worker),
        answer=np.array(answer, dtype=np.int64),
        label=np.array(label),
        shape=shape,
        n_items=_count(item, n_items),
        n_workers=_count(worker, n_workers),
        n_labels=max(_count(label, n_labels), 1),
    )


def _count(codes: list[int], given: int | None) -> int:
    return given if given is not None else int(max(codes, default=-1)) + 1 if _are_codes(np.array(codes)) else 0


def _are_codes(codes: np.ndarray) -> bool:
    return not codes.size or codes.dtype.kind in "iu"


def _codes(codes: np.ndarray, name: str) -> np.ndarray:
    codes = np.asarray(codes).reshape(-1)
    if not _are_codes(codes):
        raise ValueError(f"marks: {name} codes must be whole numbers; Marks.from_rows takes ids of any type.")
    return codes.astype(np.int64, copy=False)


def as_figures(values: Any, refusal: str) -> np.ndarray:
    """values, (M, ...) or one mark's, as a float array; ValueError with the sentence `refusal` when they are no numbers, or
    beyond LARGEST."""
    try:
        figures = np.asarray(values, dtype=float)
    except (TypeError, ValueError):
        raise ValueError(refusal) from None
    if (np.abs(figures) > LARGEST).any():
        raise ValueError(refusal)
    return figures


def _check_codes(codes: np.ndarray, n: int, name: str) -> None:
    if len(codes) and (codes.min() < 0 or codes.max() >= n):
        raise ValueError(f"marks: {name} codes must lie between 0 and {n - 1}; found {codes.min()} to {codes.max()}.")


@dataclass(frozen=True)
class Pairs:
    """Pairs of marks of different answers to one item that touch: left, right: mark indices with left before right; similarity > 0."""

    left: np.ndarray
    right: np.ndarray
    similarity: np.ndarray


def similar_pairs(
    marks: Marks,
    similarity: Callable[[np.ndarray, np.ndarray], np.ndarray],
    corners: np.ndarray | None = None,
    chunk: int = 1_000_000,
) -> Pairs:
    """Similarity of all pairs of marks that may match, in chunks of about `chunk` pairs. marks: in canonical order; corners: (M, 4) boxes
    around them: an item with more than CROWDED marks is a chunk of its own, and an STRtree names its pairs that touch."""
    count = np.bincount(marks.mark_item, minlength=marks.n_items).astype(np.int64)
    crowded = count > CROWDED if corners is not None else np.zeros(len(count), dtype=bool)
    cut = (np.diff(np.cumsum(count * (count - 1) // 2) // chunk) > 0) | crowded[1:] | crowded[:-1]
    ends = np.flatnonzero(cut) + 1
    first = np.cumsum(count) - count
    bounds = [0, *first[ends].tolist(), len(marks.answer)] if len(count) else [0]
    found = [(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64), np.zeros(0))]
    for start, stop in pairwise(bounds):
        left, right = _named_pairs(marks.mark_item, start, stop, corners)
        apart = marks.answer[left] != marks.answer[right]
        left, right = left[apart], right[apart]
        like = similarity(left, right)
        touch = like > 0
        found.append((left[touch], right[touch], like[touch]))
    return Pairs(*(np.concatenate(column) for column in zip(*found, strict=True)))


def _named_pairs(item: np.ndarray, start: int, stop: int, corners: np.ndarray | None) -> tuple[np.ndarray, np.ndarray]:
    alone = stop > start and item[start] == item[stop - 1]
    if corners is None or not alone or stop - start <= CROWDED:
        left, right = pairs_within(item[start:stop])
    else:
        import shapely  # only a crowded picture needs it

        boxes = shapely.box(*corners[start:stop].T)
        left, right = shapely.STRtree(boxes).query(boxes)
        left, right = left[left < right], right[left < right]
        order = np.lexsort((right, left))
        left, right = left[order], right[order]
    return left + start, right + start


def canonical(marks: Marks, keys: np.ndarray) -> tuple[Marks, np.ndarray]:
    """The same marks with answers sorted by item and worker and marks by item, content and label, so that nothing depends on the order
    of rows; and the index (M,) that each mark had. keys: (M, D) content of the marks."""
    answers = np.lexsort((marks.worker, marks.item))
    place = np.empty_like(answers)
    place[answers] = np.arange(len(answers))
    columns: np.ndarray | list = (
        np.asarray(keys, dtype=float).reshape(len(marks.answer), -1).T[::-1] if len(keys) else []
    )
    order = np.lexsort((marks.mark_worker, marks.label, *columns, marks.mark_item))
    shape = marks.shape[order] if isinstance(marks.shape, np.ndarray) else [marks.shape[i] for i in order]
    sorted_marks = replace(
        marks,
        item=marks.item[answers],
        worker=marks.worker[answers],
        answer=place[marks.answer[order]],
        label=marks.label[order],
        shape=shape,
    )
    return sorted_marks, order
