"""Ids of any hashable type become codes 0, 1, ... once, on the way in; on the way out every result is told by id again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from typing import Any, cast

import numpy as np

RUN_ROWS = 2**15


def equally_long(**columns: Iterable[Any]) -> list[Any]:
    """The columns, in order, as lists, tuples or arrays: a column of a data frame becomes an array, anything else a list.
    ValueError when the lengths differ."""
    found = [_plain(column) for column in columns.values()]
    lengths = [str(len(column)) for column in found]
    if len(set(lengths)) > 1:
        *names, last = columns
        raise ValueError(
            f"{', '.join(names)} and {last} must be equally long, not {', '.join(lengths[:-1])} and {lengths[-1]}."
        )
    return found


def encode_answers(
    items: Iterable[Hashable],
    workers: Iterable[Hashable],
    item_ids: Sequence[Hashable] | None,
    worker_ids: Sequence[Hashable] | None,
    **said: Iterable[Any],
) -> tuple[np.ndarray, np.ndarray, Any, np.ndarray, np.ndarray]:
    """Of one answer a row, n of them: (item codes (n,), worker codes (n,), what was said, item ids (I,), worker ids (W,)); refusals of
    `equally_long` and `encode`."""
    which, who, answers = equally_long(items=items, workers=workers, **said)
    item, all_items = encode(which, item_ids, "items")
    worker, all_workers = encode(who, worker_ids, "workers")
    return item, worker, answers, all_items, all_workers


def _plain(column: Iterable[Any]) -> Any:
    if isinstance(column, list | tuple | np.ndarray):
        return column
    return np.asarray(column) if hasattr(column, "__array__") else list(column)


def encode(
    values: Sequence[Hashable] | np.ndarray, known: Sequence[Hashable] | None, name: str
) -> tuple[np.ndarray, np.ndarray]:
    """(codes int32 (N,), ids (n,)) of values (N,); ids are `known` in its order, or the values seen, sorted. ValueError, in one
    sentence with
    the name of the column, for an unknown, missing or unhashable id and for known ids that name one twice."""
    array = _integers(values)
    if array is not None and known is None:
        return _encode_integers(array)
    values = values.tolist() if isinstance(values, np.ndarray) else values
    try:
        return _encode_seen(values, name) if known is None else _encode_known(values, list(known), name)
    except TypeError:
        bad = next((value for value in [*(known or ()), *values] if not is_hashable(value)), None)
        raise ValueError(f"{name}: {bad!r} cannot be an id; give numbers, text or tuples of these.") from None


def is_hashable(value: object) -> bool:
    """Can it be an id? A tuple only if all that it holds can."""
    try:
        hash(value)
    except TypeError:
        return False
    return True


def _encode_known(values: Sequence[Hashable], ids: list[Hashable], name: str) -> tuple[np.ndarray, np.ndarray]:
    code_of = {value: code for code, value in enumerate(ids)}
    if len(code_of) != len(ids):
        raise ValueError(f"{name}: the known ids name one id twice; name each once.")
    try:
        codes = np.fromiter(map(code_of.__getitem__, values), dtype=np.int32, count=len(values))
    except KeyError as error:
        raise ValueError(_unknown(name, error.args[0], ids)) from None
    return codes, id_array(ids)


def _encode_seen(values: Sequence[Hashable], name: str) -> tuple[np.ndarray, np.ndarray]:
    """One look at each value, for looking up text is what costs: codes in the order of arrival, then in sorted order."""
    arrived: defaultdict[Hashable, int] = defaultdict()
    arrived.default_factory = arrived.__len__
    codes = np.fromiter(map(arrived.__getitem__, values), dtype=np.int32, count=len(values))
    ids = _sorted_ids(arrived, name)
    rank = np.empty(len(ids), dtype=np.int32)
    rank[[arrived[value] for value in ids]] = np.arange(len(ids), dtype=np.int32)
    return rank[codes], id_array(ids)


def _integers(values: Sequence[Hashable] | np.ndarray) -> np.ndarray | None:
    if isinstance(values, np.ndarray):
        return values if values.dtype.kind in "iu" else None
    if len(values) and all(type(value) is int for value in values):
        try:
            return np.asarray(values, dtype=np.int64)
        except OverflowError:
            return None
    return None


def _encode_integers(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    if not len(values):
        return np.zeros(0, dtype=np.int32), np.zeros(0, dtype=np.int64)
    low, high = int(values.min()), int(values.max())
    if high - low > 4 * len(values) + 1024 or high >= 2**63:
        ids, codes = np.unique(values, return_inverse=True)
        return codes.astype(np.int32), ids
    seen, codes = np.zeros(high - low + 1, dtype=bool), np.empty(len(values), dtype=np.int32)
    for rows in runs(len(values)):
        offsets = values[rows].astype(np.int64, copy=False) - low
        seen[offsets] = True
        codes[rows] = offsets
    if not seen.all():
        code_of = np.cumsum(seen, dtype=np.int32) - 1
        for rows in runs(len(values)):
            codes[rows] = code_of[codes[rows]]
    return codes, np.flatnonzero(seen) + low


def runs(n_rows: int) -> Iterator[slice]:
    """Rows in runs whose temporary arrays stay in the cache, and small."""
    return (slice(low, low + RUN_ROWS) for low in range(0, n_rows, RUN_ROWS))


def _sorted_ids(seen: Iterable[Hashable], name: str) -> list[Hashable]:
    ids = list(seen)
    if any(value is None or value != value for value in ids):
        raise ValueError(f"{name}: an id is missing (None or NaN); give every row an id or drop it.")
    try:
        return sorted(cast(list[Any], ids))  # ids without an order raise TypeError
    except TypeError:
        return sorted(ids, key=lambda value: (type(value).__name__, str(value)))


def id_array(ids: Sequence[Hashable] | np.ndarray | int) -> np.ndarray:
    """(n,) array of ids: objects as they are; a plain count n stands for 0, ..., n - 1."""
    if isinstance(ids, int | np.integer):
        return np.arange(ids)
    if isinstance(ids, np.ndarray):
        return ids
    array = np.empty(len(ids), dtype=object)
    array[:] = ids
    return array


def id_of(ids: np.ndarray, code: int) -> Hashable:
    """One of ids (n,) as the caller gave it: a plain number, not numpy's."""
    return ids[[code]].tolist()[0]


def _unknown(name: str, value: Hashable, known: list[Hashable]) -> str:
    what = {"answers": "labels", "items": "item_ids", "workers": "worker_ids"}.get(name, name)
    some = ", ".join(repr(x) for x in known[:5]) + (", ..." if len(known) > 5 else "")
    return f"{name}: {value!r} is not one of the {len(known)} {what} ({some}); add it to {what} or drop the row."


class Coded:
    """A table of answers whose items and workers stand in it as codes: places in `item_ids` (I,) and `worker_ids` (W,)."""

    item_ids: np.ndarray
    worker_ids: np.ndarray

    @property
    def n_items(self) -> int:
        """I, with those that have no answers."""
        return len(self.item_ids)

    @property
    def n_workers(self) -> int:
        """W, with those who have no answers."""
        return len(self.worker_ids)
