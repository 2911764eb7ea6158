"""Pairs of votes on the same item, by different workers, in blocks of bounded size.

The cost is sum of n (n - 1) / 2 over the items (n votes each). When that is more than most_events, the items with the most
votes are left out first: gold that everybody answers tells little of a pair and would cost the square of the crowd.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ..labels.votes import Votes
from .expected import BLOCK


def pair_blocks(votes: Votes, most_events: int, block: int = BLOCK) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """(rows (n,), rows (n,)) of the votes, the first by the worker of the lower code. In the order of n, then item."""
    sizes = votes.votes_per_item
    events = np.sort(sizes * (sizes - 1) // 2)
    affordable = np.searchsorted(np.cumsum(events), most_events, side="right")
    largest = sizes.max(initial=0) if affordable == len(events) else _votes_of(events[affordable]) - 1
    for size in np.unique(sizes[(sizes > 1) & (sizes <= largest)]):
        first, second = np.triu_indices(size, 1)
        starts = votes.item_starts[:-1][sizes == size]
        together = max(1, block // len(first))
        for lo in range(0, len(starts), together):
            begin = starts[lo : lo + together, None]
            a, b = (begin + first).ravel(), (begin + second).ravel()
            two = votes.worker_codes[a] != votes.worker_codes[b]
            yield a[two], b[two]


def frequent_pairs(votes: Votes, least_shared: int, most_events: int) -> np.ndarray:
    """(P,) int64 keys worker * W + worker of the pairs that share at least so many items, ascending."""
    keys = [pair_keys(votes, a, b) for a, b in pair_blocks(votes, most_events)]
    if not keys:
        return np.zeros(0, dtype=np.int64)
    found, times = np.unique(np.concatenate(keys), return_counts=True)
    return found[times >= least_shared]


def pair_keys(votes: Votes, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """(n,) one number for each pair of workers, of the votes in rows a and b (n,)."""
    return votes.worker_codes[a].astype(np.int64) * votes.n_workers + votes.worker_codes[b]


def places_of(votes: Votes, keys: np.ndarray, a: np.ndarray, b: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(places (m,) in keys (k,), which (m,) of the pairs of votes these are): pairs of workers that are not in keys are left out."""
    wanted = pair_keys(votes, a, b)
    if not len(keys):
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    place = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    known = np.flatnonzero(keys[place] == wanted)
    return place[known], known


def _votes_of(events: int) -> int:
    """The n with n (n - 1) / 2 = events."""
    return int(np.floor((1 + np.sqrt(1 + 8 * float(events))) / 2 + 1e-9))
