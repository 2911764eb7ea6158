"""Consensus of labelled segments of audio or video: as spans, on time (`ranges`). Segments are [start, end) in milliseconds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from .marks import Marks, canonical
from .ranges import RangeSkills, check_ranges, cut_units, learn_range_skills, merge_ranges
from .regions import MergedItem, MergedObject

GRAIN_MS = 250.0  # one observation: people do not place an edge on a sound more finely
SHORTEST_MS = 100.0


def merge_segments(
    answers: Marks,
    skills: RangeSkills | None = None,
    *,
    durations_ms: Sequence[float] | None = None,
    grain_ms: float = GRAIN_MS,
    shortest_ms: float = SHORTEST_MS,
    threshold: float = 0.5,
) -> list[MergedItem]:
    """Consensus of every item in one call.

    answers: `Marks` with shape (M, 2) segments in milliseconds, one label at a time. durations_ms: (N,) length of each recording (else up
    to its last segment). Merged segments shorter than shortest_ms, slivers between the edges of two workers, move to `others`.
    `MergedObject.shape` is (start_ms, end_ms). ValueError for a segment that is empty or not finite.
    """
    merged = merge_ranges(answers, skills, extent=durations_ms, grain=grain_ms, threshold=threshold)
    return [item.without(lambda o: _length_ms(o) < shortest_ms) for item in merged]


def _length_ms(merged: MergedObject) -> float:
    start_ms, end_ms = cast(tuple[float, float], merged.shape)  # a shape is what its method makes of it
    return end_ms - start_ms


def learn_segment_skills(
    answers: Marks, *, durations_ms: Sequence[float] | None = None, grain_ms: float = GRAIN_MS
) -> RangeSkills:
    """Confusions of every worker, by EM over all answers given."""
    answers, _ = canonical(answers, check_ranges(answers))
    units = cut_units(answers, durations_ms, None, grain_ms)
    return learn_range_skills(units, answers.n_workers, answers.n_labels, grain_ms, oracle=answers.oracle)[0]
