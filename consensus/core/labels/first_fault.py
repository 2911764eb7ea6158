"""The first wrong step of a sequence, or that none is, from where several readers stopped.

A reader goes from the top. At each right step she stops by mistake with the chance f; at the first wrong one she stops with the chance s;
has she missed it, she stops at each later step with the chance g, which is the crowd's; at the end she says that nothing is wrong. For a
trace of n steps with the truth t in 0..n (n: nothing is wrong), what she says is d in 0..n:

    P(d | t) = (1 - f)^d f                                    d < t
               (1 - f)^t s                                    d = t < n
               (1 - f)^t (1 - s) (1 - g)^(d - t - 1) g        t < d < n
               (1 - f)^t (1 - s) (1 - g)^(n - t - 1)          t < d = n
               (1 - f)^n                                      d = t = n

mixed with SLIP of any answer. Before anybody has read it, each step is the first wrong one with the hazard h: P(t) = (1 - h)^t h, and
(1 - h)^n that none is. So nothing depends on how long a trace is, and rates of different items go together: it is the two-coin model of
Dawid and Skene (JRSS C 28 (1979), doi:10.2307/2346806) asked step by step until the first "wrong", a discrete hazard (D. R. Cox,
JRSS B 34 (1972)). EM; the rates of a reader are held to the crowd's by STRENGTH answers, the crowd's by as many to where it starts. Where
an item has one answer it is either right or not, and nothing tells which: only items with two, or whose truth is known, teach.

A crowd of which a third always stops at the first step looks, at three answers an item, as if that step were wrong and the others missed
it: no model of readers alone sees that, twenty known items do (tests/core/test_first_fault.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

SLIP = 1e-3  # mass spread over all answers: a slip of the finger
# Priors, of nobody's data: worth STRENGTH answers each, so that twenty items with three answers outweigh them.
STRENGTH = 5.0  # answers
STARTS = (0.8, 0.05, 0.3)  # finding, false alarms and late finds before anything is known: better than chance, no more
HAZARD = 0.15
PASSES, MOVES = 100, 1e-6
MAX_CELLS = 4_000_000  # answers x places at once


@dataclass(frozen=True)
class Readers:
    """finds, alarms: (W,) chance to stop at the first wrong step, and at a right one; read: (W,) answers behind them. The crowd's own:
    crowd_finds, crowd_alarms, late (a later step, the first one missed), hazard (each step's to be the first wrong one)."""

    finds: np.ndarray
    alarms: np.ndarray
    read: np.ndarray
    crowd_finds: float = STARTS[0]
    crowd_alarms: float = STARTS[1]
    late: float = STARTS[2]
    hazard: float = HAZARD


@dataclass(frozen=True)
class FoundFault:
    """chances: (n + 1,) of each place, the last that nothing is wrong; place: the likeliest, the first of equals."""

    chances: np.ndarray
    place: int
    n_answers: int


def strangers(n_workers: int) -> Readers:
    """Before anything is known."""
    return Readers(np.full(n_workers, STARTS[0]), np.full(n_workers, STARTS[1]), np.zeros(n_workers))


def find_faults(
    item: np.ndarray, worker: np.ndarray, stop: np.ndarray, steps: np.ndarray, readers: Readers
) -> list[FoundFault]:
    """Every item's decision. item, worker, stop: (A,), a reader's stop an answer, `steps[item]` where she found nothing; steps: (I,) how
    many each item has."""
    item, worker, stop = _sorted(item, worker, stop)
    counts = np.bincount(item, minlength=len(steps))
    found = []
    for block, chances in _chances(item, worker, stop, steps, readers):
        for i, row in zip(block, chances, strict=True):
            own = row[: steps[i] + 1]
            found.append(FoundFault(own, int(own.argmax()), int(counts[i])))
    return found


def learn_readers(
    item: np.ndarray,
    worker: np.ndarray,
    stop: np.ndarray,
    steps: np.ndarray,
    n_workers: int,
    known: np.ndarray | None = None,
) -> Readers:
    """The rates of every reader and of the crowd; arguments as of `find_faults`; known: (I,) places that are known, -1 elsewhere."""
    item, worker, stop = _sorted(item, worker, stop)
    known = np.full(len(steps), -1) if known is None else known
    readers = replace(strangers(n_workers), read=np.bincount(worker, minlength=n_workers).astype(float))
    teaches = (np.bincount(item, minlength=len(steps)) > 1) | (known >= 0)
    item, worker, stop = (column[teaches[item]] for column in (item, worker, stop))
    for _ in range(PASSES if len(item) else 0):
        counts = _expected(item, worker, stop, steps, readers, known, n_workers)
        before, readers = readers, _rates(counts, steps[item], readers.read)
        moved = [np.abs(readers.finds - before.finds).max(), np.abs(readers.alarms - before.alarms).max()]
        if max(*moved, abs(readers.hazard - before.hazard)) < MOVES:
            break
    return readers


# --- inside -------------------------------------------------------------------------------------------------------------
@dataclass
class _Counts:
    """Expected counts: of each worker wrong steps found and missed, alarms and right steps passed; of the crowd late finds among later
    steps read; of the items wrong steps among steps reached."""

    found: np.ndarray
    missed: np.ndarray
    alarms: np.ndarray
    passed: np.ndarray
    late: float = 0.0
    later: float = 0.0
    wrong: float = 0.0
    reached: float = 0.0


def _sorted(item: np.ndarray, worker: np.ndarray, stop: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """So that the order of rows does not matter."""
    item, worker, stop = (np.asarray(column, dtype=np.int64) for column in (item, worker, stop))
    order = np.lexsort((stop, worker, item))
    return item[order], worker[order], stop[order]


def _blocks(item: np.ndarray, steps: np.ndarray) -> Iterator[tuple[np.ndarray, slice]]:
    """(items, their rows) so that no table is larger than MAX_CELLS."""
    start = np.searchsorted(item, np.arange(len(steps) + 1))
    wide = int(steps.max(initial=0)) + 1
    size = np.maximum(np.diff(start), 1) * wide
    cuts = np.flatnonzero(np.diff(np.cumsum(size) // MAX_CELLS, prepend=0))
    for a, b in pairwise([0, *cuts.tolist(), len(steps)]):
        if b > a:
            yield np.arange(a, b), slice(start[a], start[b])


def _chances(
    item: np.ndarray, worker: np.ndarray, stop: np.ndarray, steps: np.ndarray, readers: Readers
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Of each block of items, (B, widest + 1) chances of the places."""
    for block, rows in _blocks(item, steps):
        score = _log_prior(steps[block], readers.hazard)
        said = _log_likelihood(stop[rows], steps[item[rows]], worker[rows], readers, score.shape[1])
        np.add.at(score, item[rows] - block[0], said)
        score = np.exp(score - score.max(axis=1, keepdims=True))
        yield block, score / score.sum(axis=1, keepdims=True)


def _log_prior(steps: np.ndarray, hazard: float) -> np.ndarray:
    place = np.arange(int(steps.max(initial=0)) + 1)
    prior = place * np.log1p(-hazard) + np.where(place < steps[:, None], np.log(hazard), 0.0)
    return np.where(place <= steps[:, None], prior, -np.inf)


def _log_likelihood(
    stop: np.ndarray, steps: np.ndarray, worker: np.ndarray, readers: Readers, width: int
) -> np.ndarray:
    """(A, width) log P(stop | place); -inf behind the end."""
    d, n, t = stop[:, None], steps[:, None], np.arange(width)[None]
    finds, alarms = readers.finds[worker][:, None], readers.alarms[worker][:, None]
    right, missed = np.log1p(-alarms), np.log1p(-finds)
    later = np.maximum(d - t - 1, 0) * np.log1p(-readers.late) + np.where(d < n, np.log(readers.late), 0.0)
    early = d * right + np.log(alarms)
    there = t * right + np.where(t < n, np.log(finds), 0.0)
    said = np.where(d < t, early, np.where(d == t, there, t * right + missed + later))
    mixed = np.logaddexp(said + np.log1p(-SLIP), np.log(SLIP / (n + 1)))
    return np.where(t <= n, mixed, -np.inf)


def _expected(
    item: np.ndarray,
    worker: np.ndarray,
    stop: np.ndarray,
    steps: np.ndarray,
    readers: Readers,
    known: np.ndarray,
    n_workers: int,
) -> _Counts:
    found, missed, alarms, passed = (np.zeros(n_workers) for _ in range(4))
    counts = _Counts(found, missed, alarms, passed)
    for (block, chances), (_, rows) in zip(
        _chances(item, worker, stop, steps, readers), _blocks(item, steps), strict=True
    ):
        place = np.arange(chances.shape[1])
        chances = np.where(known[block, None] >= 0, place == known[block, None], chances)
        read = chances[np.bincount(item[rows] - block[0], minlength=len(block)) > 0]
        ends = steps[block][np.isin(block, item[rows]), None]
        counts.wrong += float((read * (place < ends)).sum())
        counts.reached += float((read * np.minimum(place + 1, ends)).sum())
        _add(counts, chances[item[rows] - block[0]], worker[rows], stop[rows][:, None], steps[item[rows]][:, None])
    return counts


def _add(counts: _Counts, chances: np.ndarray, worker: np.ndarray, d: np.ndarray, n: np.ndarray) -> None:
    """Adds what each answer teaches: chances (A, places); d, n: (A, 1) stop and number of steps."""
    t = np.arange(chances.shape[1])[None]
    behind = chances * (d > t)
    for total, share in (
        (counts.found, chances * ((d == t) & (t < n))),
        (counts.missed, behind),
        (counts.alarms, chances * (d < t)),
        (counts.passed, chances * np.minimum(d, t)),
    ):
        np.add.at(total, worker, share.sum(axis=1))
    counts.late += float((behind * (d < n)).sum())
    counts.later += float((behind * (d - t - 1 + (d < n))).sum())


def _rates(counts: _Counts, lengths: np.ndarray, read: np.ndarray) -> Readers:
    steps = STRENGTH * max(float(lengths.mean()), 1.0)  # of as many answers
    finds = _rate(counts.found.sum(), (counts.found + counts.missed).sum(), STARTS[0], STRENGTH)
    alarms = _rate(counts.alarms.sum(), (counts.alarms + counts.passed).sum(), STARTS[1], steps)
    return Readers(
        _rate(counts.found, counts.found + counts.missed, finds, STRENGTH),
        _rate(counts.alarms, counts.alarms + counts.passed, alarms, steps),
        read,
        float(finds),
        float(alarms),
        float(_rate(counts.late, counts.later, STARTS[2], steps)),
        float(_rate(counts.wrong, counts.reached, HAZARD, steps)),
    )


def _rate(times, of, before, strength):
    """A share with `strength` earlier looks that had the share `before`."""
    return (strength * before + times) / (strength + of)
