"""The one pass that all confusion-matrix models share: E step and expected counts, on all cores.

Cost per pass O(N T) for N votes and T truth types (T = K labels, or K times the number of item types). Each part of the
items (incidence.py) gives its own counts; they are added in the order of the parts, so the result is the same bit for bit
with any number of threads.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from typing import Any, NamedTuple, TypeVar

import numpy as np

from .incidence import Part
from .result import clamp, softmax_rows
from .votes import Votes

Fit = TypeVar("Fit")


class Statistics(NamedTuple):
    """All that an M step needs to know of the votes, of any number of shards: counts (W*K, T), expected votes by row
    worker * K + answer and truth type; totals (T,), expected items; evidence, the sum of the items' log normalisers."""

    counts: np.ndarray
    totals: np.ndarray
    evidence: float = 0.0


class Pass(NamedTuple):
    """posteriors (I, T) and the statistics under them."""

    posteriors: np.ndarray
    statistics: Statistics


def em_pass(
    votes: Votes,
    log_tables: np.ndarray,
    log_prior: np.ndarray,
    gold: np.ndarray | None = None,
    out: np.ndarray | None = None,
    offsets: np.ndarray | None = None,
) -> Pass:
    """posteriors = softmax(log_prior + offsets + sum of log_tables over the item's votes), and their counts.

    log_tables: (W*K, T) and log_prior: (T,), where type t stands for the label t // (T / K). gold: (I,) label codes, -1 =
    unknown. offsets: (I, K), added to every type of a label. out: (I, T) is overwritten with the posteriors.
    """
    n_types = log_tables.shape[1] // max(votes.n_labels, 1)
    posteriors = np.empty((votes.n_items, log_tables.shape[1])) if out is None else out
    log_tables = np.ascontiguousarray(log_tables, dtype=float)

    def work(part: Part) -> Statistics:
        totals, evidence, room = np.zeros(log_tables.shape[1]), 0.0, None
        own = posteriors[part.items]
        for low, high in part.blocks(log_tables.shape[1]):
            block, items = own[low:high], slice(part.items.start + low, part.items.start + high)
            np.add(_by_type(offsets, items, n_types), log_prior, out=block)
            part.add_scores(low, high, log_tables, out=block)
            room = np.empty_like(block) if room is None else room[: len(block)]
            evidence += softmax_rows(block, room)
            clamp(block, None if gold is None else gold[items], n_types)
            totals += np.einsum("it->t", block)
        return Statistics(part.counts(posteriors), totals, evidence)

    return Pass(posteriors, _sum(work, votes.parts))


def _by_type(offsets: np.ndarray | None, items: slice, n_types: int) -> np.ndarray | float:
    if offsets is None:
        return 0.0
    return offsets[items] if n_types == 1 else offsets[items].repeat(n_types, axis=1)


def expected_counts(votes: Votes, posteriors: np.ndarray) -> np.ndarray:
    """(W*K, T): how often each worker gave each answer under each truth type, expected under posteriors (I, T)."""
    return statistics_of(votes, posteriors).counts


def statistics_of(votes: Votes, posteriors: np.ndarray) -> Statistics:
    """Statistics under posteriors (I, T) that come from elsewhere, such as the vote shares at the start."""
    return _sum(
        lambda part: Statistics(part.counts(posteriors), np.einsum("it->t", posteriors[part.items])), votes.parts
    )


def counts_by_truth(counts: np.ndarray, n_labels: int) -> np.ndarray:
    """(W, T, K) view [worker, truth type, answer] of (W*K, T) counts."""
    return counts.reshape(len(counts) // max(n_labels, 1), n_labels, counts.shape[1]).transpose(0, 2, 1)


def tables_by_answer(log_confusion: np.ndarray) -> np.ndarray:
    """(W*K, T) log tables for em_pass from log P(answer | type) in the shape (W, T, K)."""
    return np.ascontiguousarray(log_confusion.transpose(0, 2, 1)).reshape(-1, log_confusion.shape[1])


def _sum(work: Callable[[Part], Statistics], parts: list[Part]) -> Statistics:
    """In the order of the parts, whoever finishes first."""
    found = map(work, parts) if len(parts) == 1 else _pool(os.getpid()).map(work, parts)
    counts, totals, evidence = next(found)
    for more in found:
        counts += more.counts
        totals += more.totals
        evidence += more.evidence
    return Statistics(counts, totals, evidence)


@lru_cache(maxsize=1)
def _pool(pid: int) -> ThreadPoolExecutor:
    """One pool a process: a forked worker must not wait for threads that stayed with its parent."""
    return ThreadPoolExecutor(max_workers=max(1, min(4, os.cpu_count() or 1)), thread_name_prefix="consensus-em")


def run_fit(fit: Generator[tuple, Any, Fit], do: Callable[..., Any]) -> Fit:
    """Let a fit run to its end: do(*wanted) is the pass that it wants, here at once; shard_steps.py lets days pass in between."""
    try:
        wanted = next(fit)
        while True:
            wanted = fit.send(do(*wanted))
    except StopIteration as end:
        return end.value
