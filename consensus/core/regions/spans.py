"""Consensus of labelled spans of text: unit votes with learned confusions, read off with B-I-O boundaries (`ranges`).

Spans are [start, end) in Unicode code points. One text position has one label; where a worker nests spans the innermost counts.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from .marks import Marks, canonical
from .ranges import RangeSkills, check_ranges, cut_units, learn_range_skills, merge_ranges
from .regions import MergedItem

CHARACTERS_PER_WORD = 6.0


def merge_spans(
    answers: Marks,
    skills: RangeSkills | None = None,
    *,
    lengths: Sequence[int] | None = None,
    tokens: Sequence[np.ndarray] | None = None,
    grain: float = CHARACTERS_PER_WORD,
    threshold: float = 0.5,
) -> list[MergedItem]:
    """Consensus of every item in one call.

    answers: `Marks` with shape (M, 2) spans. lengths: (N,) characters of each text (else up to its last span); tokens: per item (n, 2)
    token offsets: spans are then widened to whole tokens. grain: characters of one observation (1 for Chinese). threshold: least
    posterior of a kept unit. `MergedObject.shape` is (start, end), floats. ValueError for a span that is empty or not finite.
    """
    return merge_ranges(answers, skills, extent=lengths, tokens=tokens, grain=grain, threshold=threshold)


def learn_span_skills(
    answers: Marks,
    *,
    lengths: Sequence[int] | None = None,
    tokens: Sequence[np.ndarray] | None = None,
    grain: float = CHARACTERS_PER_WORD,
) -> RangeSkills:
    """Confusions of every worker, by EM over all answers given; arguments as in `merge_spans`, ranges (M, 2) as there."""
    answers, _ = canonical(answers, check_ranges(answers))
    units = cut_units(answers, lengths, tokens, grain)
    return learn_range_skills(units, answers.n_workers, answers.n_labels, grain, oracle=answers.oracle)[0]


def character_f1(a: np.ndarray, b: np.ndarray) -> float:
    """F1 of the characters covered by two sets of spans (n, 2), (m, 2) of one label; two empty sets agree fully."""
    a, b = (np.asarray(s, dtype=float).reshape(-1, 2) for s in (a, b))
    cuts = np.unique(np.concatenate([a.ravel(), b.ravel()]))
    if not len(cuts):
        return 1.0
    length, start = np.diff(cuts), cuts[:-1]
    in_a, in_b = (((s[:, :1] <= start) & (s[:, 1:] > start)).any(axis=0) for s in (a, b))
    covered = length @ in_a + length @ in_b
    return float(2 * (length @ (in_a & in_b)) / covered) if covered else 1.0


def exact_f1(a: Sequence[tuple], b: Sequence[tuple]) -> float:
    """F1 of spans that are equal in start, end and label (CoNLL); two empty sets agree fully."""
    mine, hers = set(map(tuple, a)), set(map(tuple, b))
    return 2 * len(mine & hers) / (len(mine) + len(hers)) if mine or hers else 1.0
