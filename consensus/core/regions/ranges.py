"""Consensus of labelled ranges, in text or in time: who says what, unit by unit.

The ends of all marks of an item cut its extent into units in which nobody changes his mind. On unit u of label z_u (0 = nothing) worker
w says x_uw ~ confusion_w[z_u, .] (Dawid & Skene 1979, doi:10.2307/2346806, for sequences Nguyen et al., ACL 2017,
doi:10.18653/v1/P17-1028), and a unit weighs as many observations as it is long in grains. A worker's row of the confusion is
held to the crowd's by STRENGTH observations. Ranges are then read off the posteriors: a run of units with one label is a range, and it
is split where most of those who marked both sides set a boundary between them (the B of B-I-O).

Workers who tag only part of what is there are common; their silence weighs as little as their confusion says, so two marks of
six may suffice. Votes on neighbouring units hang together, which makes posteriors too sharp; the posterior decides what is kept,
the confidence shown is its mean with the share of votes (OTHERS is added to their number).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..answers.codes import group
from .agreement import pair_agreement
from .iou import paired_range_iou
from .marks import Marks, as_figures, canonical, similar_pairs
from .regions import MergedItem, MergedObject

STRENGTH = 10.0
PRIOR_RECALL = 0.7  # of a label, before any answer
PRIOR_ALARM = 0.05  # of marking where nothing is
PRIOR_NOTHING = 0.8  # share of the length under no mark, before any answer
GRAINS_PER_MARK = 8.0  # observations in a mark of median length, when no grain is given
OTHERS = 0.5
LEAST = 1e-4


@dataclass(frozen=True)
class RangeSkills:
    """confusion: (W, K + 1, K + 1), index 0 = nothing, then the labels: row z, what the worker says where z is true; weight: (W,)
    observations behind it; crowd: (K + 1, K + 1) for newcomers; share: (K + 1,) of every label; grain: length of one observation."""

    confusion: np.ndarray
    weight: np.ndarray
    crowd: np.ndarray
    share: np.ndarray
    grain: float


@dataclass(frozen=True)
class Units:
    """U units of all items. item, start, stop, length (in grains): (U,); cell arrays, one entry per unit and look: unit, worker, said;
    first: (N + 1,) where each item's units begin."""

    item: np.ndarray
    start: np.ndarray
    stop: np.ndarray
    length: np.ndarray
    unit: np.ndarray
    worker: np.ndarray
    said: np.ndarray
    first: np.ndarray


def check_ranges(answers: Marks) -> np.ndarray:
    """(M, 2) ranges of the marks; ValueError where one does not end after it starts."""
    refusal = "ranges: every range needs finite [start, end) with end after start."
    ranges = as_figures(answers.shape, refusal) if len(answers.shape) else np.zeros((0, 2))
    if (
        ranges.ndim != 2
        or ranges.shape[1] != 2
        or not np.isfinite(ranges).all()
        or (ranges[:, 1] <= ranges[:, 0]).any()
    ):
        raise ValueError(refusal)
    return ranges


def cut_units(
    answers: Marks, extent: Sequence[float] | None, tokens: Sequence[np.ndarray] | None, grain: float | None
) -> Units:
    """Cut every item into units. extent: (N,) length of each item (else its last mark); tokens: per item (n, 2) ranges, in rising order,
    to which marks are widened and in which length is counted; grain: length of one observation otherwise."""
    ranges = check_ranges(answers)
    grain = _grain(ranges) if grain is None else grain
    looks, of = group(answers.item, answers.n_items), answers.marks_by_item()
    columns: list[list[np.ndarray]] = [[] for _ in range(7)]
    counts = np.zeros(answers.n_items + 1, dtype=np.int64)
    for i in range(answers.n_items):
        mine = of[i]
        if tokens is not None:
            start, stop, inside, length = _token_units(ranges[mine], np.asarray(tokens[i], dtype=float).reshape(-1, 2))
        else:
            end = max(ranges[mine, 1].max(initial=0.0), 0.0 if extent is None else float(extent[i]))
            start, stop, inside, length = _plain_units(ranges[mine], end, grain)
        said = _said(answers, mine, looks[i], inside, ranges)
        base, n = counts[i], len(start)
        counts[i + 1] = base + n
        worker = np.broadcast_to(answers.worker[looks[i]][:, None], said.shape)
        unit = np.broadcast_to(base + np.arange(n)[None], said.shape)
        for column, value in zip(
            columns, (np.full(n, i), start, stop, length, unit.ravel(), worker.ravel(), said.ravel()), strict=True
        ):
            column.append(value)
    joined = [np.concatenate(column) if column else np.zeros(0) for column in columns]
    item, unit, worker, cell = (joined[c].astype(np.int64) for c in (0, 4, 5, 6))
    return Units(item, joined[1], joined[2], joined[3], unit, worker, cell, counts)


def _grain(ranges: np.ndarray) -> float:
    return float(np.median(ranges[:, 1] - ranges[:, 0])) / GRAINS_PER_MARK if len(ranges) else 1.0


def _plain_units(ranges: np.ndarray, end: float, grain: float) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    cuts = np.unique(np.append(ranges.ravel(), [min(0.0, ranges.min(initial=0.0)), end]))
    start, stop = cuts[:-1], cuts[1:]
    inside = (ranges[:, :1] <= start) & (ranges[:, 1:] >= stop)
    return start, stop, inside, (stop - start) / grain


def _token_units(ranges: np.ndarray, tokens: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Runs of tokens that the same marks touch."""
    inside = (ranges[:, :1] < tokens[None, :, 1]) & (ranges[:, 1:] > tokens[None, :, 0])
    if not len(tokens):
        return np.zeros(0), np.zeros(0), inside, np.zeros(0)
    change = np.append(True, (inside[:, 1:] != inside[:, :-1]).any(axis=0))
    first = np.flatnonzero(change)
    last = np.append(first[1:], len(tokens)) - 1
    return tokens[first, 0], tokens[last, 1], inside[:, first], (last - first + 1).astype(float)


def _said(answers: Marks, mine: np.ndarray, looks: np.ndarray, inside: np.ndarray, ranges: np.ndarray) -> np.ndarray:
    """(looks, units) what every look says: the label of its shortest mark there plus 1, or 0."""
    said = np.zeros((len(looks), inside.shape[1]), dtype=np.int64)
    row = np.searchsorted(looks, answers.answer[mine])
    size = ranges[mine, 1] - ranges[mine, 0]
    for m in np.lexsort((-answers.label[mine], -size)):
        said[row[m], inside[m]] = answers.label[mine[m]] + 1
    return said


def learn_range_skills(
    units: Units, n_workers: int, n_labels: int, grain: float, rounds: int = 50, oracle: int | None = None
) -> tuple[RangeSkills, np.ndarray]:
    """EM from the shares of votes; the skills and the posteriors (U, K + 1). Stops when no posterior moves by 1e-4. oracle: the code of
    a worker whose looks are the truth."""
    n = n_labels + 1
    posterior = _vote_shares(units, n, others=0.0)
    skills = _with_oracle(_maximise(units, posterior, n_workers, n, grain), oracle)
    for _ in range(rounds):
        fresh = label_units(units, skills)
        moved = np.abs(fresh - posterior).max(initial=0.0)
        posterior = fresh
        if moved < LEAST:
            break
        skills = _with_oracle(_maximise(units, posterior, n_workers, n, grain), oracle)
    return skills, posterior


def _with_oracle(skills: RangeSkills, oracle: int | None) -> RangeSkills:
    if oracle is not None:
        n = len(skills.share)
        skills.confusion[oracle] = np.full((n, n), LEAST**2) + np.eye(n) * (1 - n * LEAST**2)
    return skills


def _vote_shares(units: Units, n: int, others: float = OTHERS) -> np.ndarray:
    """(U, K + 1) share of the looks at each unit that say each label."""
    votes = np.stack([np.bincount(units.unit, units.said == z, minlength=len(units.item)) for z in range(n)], axis=1)
    return votes / np.maximum(votes.sum(axis=1, keepdims=True) + others, 1.0)


def label_units(units: Units, skills: RangeSkills) -> np.ndarray:
    """(U, K + 1) posterior of the label of every unit."""
    log_said = np.log(np.clip(skills.confusion, LEAST, 1.0))
    log = np.tile(np.log(skills.share), (len(units.item), 1))
    for z in range(log.shape[1]):
        log[:, z] += np.bincount(units.unit, log_said[units.worker, z, units.said], minlength=len(units.item))
    log -= log.max(axis=1, keepdims=True)
    posterior = np.exp(log)
    return posterior / posterior.sum(axis=1, keepdims=True)


def _maximise(units: Units, posterior: np.ndarray, n_workers: int, n: int, grain: float) -> RangeSkills:
    weight = posterior[units.unit] * units.length[units.unit, None]
    count = np.zeros((n_workers, n, n))
    for z in range(n):
        count[:, z] = np.bincount(units.worker * n + units.said, weight[:, z], minlength=n_workers * n).reshape(-1, n)
    crowd = count.sum(axis=0) + STRENGTH * prior_confusion(n)
    crowd /= crowd.sum(axis=1, keepdims=True)
    own = count + STRENGTH * crowd
    share = posterior.T @ units.length + 1.0
    return RangeSkills(own / own.sum(axis=2, keepdims=True), count.sum(axis=(1, 2)), crowd, share / share.sum(), grain)


def prior_confusion(n: int) -> np.ndarray:
    """(K + 1, K + 1) before any answer: a label is marked with PRIOR_RECALL, half of the rest is silence."""
    table = np.full((n, n), PRIOR_ALARM / max(n - 1, 1))
    table[0, 0] = 1 - PRIOR_ALARM
    wrong = (1 - PRIOR_RECALL) / 2
    table[1:, 0] = wrong if n > 2 else 2 * wrong
    table[1:, 1:] = wrong / max(n - 2, 1)
    table[np.arange(1, n), np.arange(1, n)] = PRIOR_RECALL
    return table


def merge_ranges(
    answers: Marks,
    skills: RangeSkills | None,
    *,
    extent: Sequence[float] | None = None,
    tokens: Sequence[np.ndarray] | None = None,
    grain: float | None = None,
    threshold: float = 0.5,
) -> list[MergedItem]:
    """Consensus ranges of every item, from marks of shape (M, 2); arguments as in `cut_units`. ValueError for
    skills of other workers. `MergedObject.shape` is (start, end), placed is 1 and confidence the mean posterior of its units."""
    answers, order = canonical(answers, check_ranges(answers))
    ranges = check_ranges(answers)
    units, posterior = _understood(answers, skills, extent, tokens, grain or _grain(ranges))
    soft = (posterior + _vote_shares(units, answers.n_labels + 1)) / 2
    pairs = similar_pairs(answers, lambda left, right: paired_range_iou(ranges[left], ranges[right]))
    agreement = pair_agreement(answers, pairs).by_item()
    looks = np.bincount(answers.item, minlength=answers.n_items)
    return [
        _merged(
            answers,
            order,
            ranges,
            units,
            posterior,
            soft,
            item,
            mine,
            float(agreement[item]),
            int(looks[item]),
            threshold,
        )
        for item, mine in enumerate(answers.marks_by_item())
    ]


def _understood(
    answers: Marks,
    skills: RangeSkills | None,
    extent: Sequence[float] | None,
    tokens: Sequence[np.ndarray] | None,
    grain: float,
) -> tuple[Units, np.ndarray]:
    """The units and their posteriors (U, K + 1), under the skills or with those learned from these answers."""
    if skills is None:
        units = cut_units(answers, extent, tokens, grain)
        return units, learn_range_skills(units, answers.n_workers, answers.n_labels, grain)[1]
    if skills.confusion.shape[:2] != (answers.n_workers, answers.n_labels + 1):
        raise ValueError("skills: made for another number of workers or labels than the answers have.")
    units = cut_units(answers, extent, tokens, skills.grain)
    return units, label_units(units, skills)


def _merged(
    answers: Marks,
    order: np.ndarray,
    ranges: np.ndarray,
    units: Units,
    posterior: np.ndarray,
    soft: np.ndarray,
    item: int,
    mine: np.ndarray,
    agreement: float,
    n_looks: int,
    threshold: float,
) -> MergedItem:
    here = np.arange(units.first[item], units.first[item + 1])
    label = posterior[here, 1:].argmax(axis=1) if len(here) else np.zeros(0, dtype=np.int64)
    kept = posterior[here, 1:].sum(axis=1) >= threshold
    some = soft[here, 1:]
    sure = some.sum(axis=1)
    objects = []
    for run in _runs(units, here, kept, label, ranges[mine], answers.label[mine]):
        k = int(label[run[0]])
        length = units.length[here[run]]
        start, stop = float(units.start[here[run[0]]]), float(units.stop[here[run[-1]]])
        exists = float(length @ sure[run] / length.sum())
        shares = length @ some[run] / (length @ sure[run])
        support = mine[(ranges[mine, 0] < stop) & (ranges[mine, 1] > start) & (answers.label[mine] == k)]
        objects.append(
            MergedObject(
                shape=(start, stop),
                label=k,
                confidence=exists * float(shares[k]),
                exists=exists,
                labelled=float(shares[k]),
                placed=1.0,
                label_shares=tuple(shares.tolist()),
                marks=tuple(np.sort(order[support]).tolist()),
            )
        )
    confidence, missed = _item_confidence(units.length[here], sure, some.max(axis=1, initial=0.0), kept)
    return MergedItem(tuple(objects), (), confidence, missed, agreement, n_looks)


def _item_confidence(length: np.ndarray, sure: np.ndarray, best: np.ndarray, kept: np.ndarray) -> tuple[float, float]:
    """Expected F1 of the kept length (with none kept, the chance that there is nothing), and the expected length left out, in grains."""
    missed = float(length[~kept] @ sure[~kept])
    if not kept.any():
        return float(np.prod(1 - sure)), missed
    return float(2 * (length[kept] @ best[kept]) / (length[kept].sum() + length @ sure)), missed


def _runs(
    units: Units, here: np.ndarray, kept: np.ndarray, label: np.ndarray, ranges: np.ndarray, labels: np.ndarray
) -> list[np.ndarray]:
    """Positions of the kept units of every merged range, in order."""
    runs: list[list[int]] = []
    for u in np.flatnonzero(kept):
        joins = bool(runs) and runs[-1][-1] == u - 1 and label[u] == label[u - 1]
        if joins and not _is_boundary(units.start[here[u]], units.stop[here[u - 1]], ranges[labels == label[u]]):
            runs[-1].append(int(u))
        else:
            runs.append([int(u)])
    return [np.array(run) for run in runs]


def _is_boundary(start: float, stop: float, ranges: np.ndarray) -> bool:
    """Do more marks end before and begin anew at this cut than run over it? A mark that begins counts once for its twin that ends."""
    over = np.count_nonzero((ranges[:, 0] < stop) & (ranges[:, 1] > start))
    ends = np.count_nonzero((ranges[:, 1] >= stop) & (ranges[:, 1] <= start))
    begins = np.count_nonzero((ranges[:, 0] >= stop) & (ranges[:, 0] <= start))
    return bool(min(ends, begins) > over)
