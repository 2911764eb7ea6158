"""Log: votes with the time of each."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np

from ..answers.ids import encode
from ..labels.votes import Votes


@dataclass(frozen=True, eq=False)
class Log:
    """votes, one of each worker on an item; at_s (N,): when each was given, in seconds from anywhere; took_s (N,): how long
    she looked, or None; row (N,): the caller's row of each vote. All in the order of the votes (item, worker)."""

    votes: Votes
    at_s: np.ndarray
    took_s: np.ndarray | None
    row: np.ndarray

    @classmethod
    def from_rows(
        cls,
        items: Sequence[Hashable] | np.ndarray,
        workers: Sequence[Hashable] | np.ndarray,
        answers: Sequence[Hashable] | np.ndarray,
        at_s: Sequence[float] | np.ndarray,
        took_s: Sequence[float] | np.ndarray | None = None,
        labels: Sequence[Hashable] | None = None,
        item_ids: Sequence[Hashable] | None = None,
    ) -> Log:
        """As Votes.from_rows, columns (N,), with two times a row; the latest answer of a worker on an item stands.

        Raises ValueError, one sentence that names the argument.
        """
        n = len(items)
        if not n == len(workers) == len(answers):
            raise ValueError(
                f"items, workers and answers must be equally long, not {n}, {len(workers)} and {len(answers)}."
            )
        when = _times("at_s", at_s, n, least=-np.inf)
        took = None if took_s is None else _times("took_s", took_s, n, least=0)
        coded = [
            encode(items, item_ids, "items"),
            encode(workers, None, "workers"),
            encode(answers, labels, "answers"),
        ]
        (item, item_ids_), (worker, worker_ids), (answer, labels_) = coded
        order = _latest(np.lexsort((answer, when, worker, item)), item, worker)
        votes = Votes.from_codes(item[order], worker[order], answer[order], item_ids_, worker_ids, labels_)
        return cls(votes, when[order], None if took is None else took[order], order)

    def by_worker(self) -> np.ndarray:
        """(N,) rows of the votes, worker by worker, each in the order of time."""
        return np.lexsort((self.votes.item_codes, self.at_s, self.votes.worker_codes))


def _latest(order: np.ndarray, item: np.ndarray, worker: np.ndarray) -> np.ndarray:
    """Of rows sorted by item, worker and time, the last of each item and worker."""
    item, worker = item[order], worker[order]
    last = np.ones(len(order), dtype=bool)
    last[:-1] = (item[1:] != item[:-1]) | (worker[1:] != worker[:-1])
    return order[last]


def _times(name: str, values: Sequence[float] | np.ndarray, n: int, least: float) -> np.ndarray:
    times = np.asarray(values, dtype=float)
    if times.shape != (n,) or not np.all(np.isfinite(times)) or (n and times.min() < least):
        what = "seconds" if least < 0 else "seconds of at least 0"
        raise ValueError(f"{name} must be {n} numbers, {what}, one a row.")
    return times
