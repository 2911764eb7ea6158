"""From which confidence on a label is called sure, so that of those labels the target is right; and what known items say of it.

Of a set of labels the share that is right is the mean of their confidences, if these are frequencies. So the largest set whose mean is the
target may be called sure: its easiest items pay for its hardest (Neyman-Pearson, as in C. Chow, On Optimum Recognition Error and Reject
Tradeoff, IEEE Trans. Information Theory 16 (1970)). Asking each item to reach the target by itself overshoots it.

Whether they are frequencies only known items show. Each is decided as the others are: votes one by one, done where they are sure or used
up (`Known`). What is believed of a set's error is a Beta distribution that begins at what the confidences say, worth PRIOR known items,
and has seen how many of the known items that would be in the set are wrong. The promise is kept if in four projects of five the labels
called sure are right as often as the target says, or at most TOLERANCE less: so that has to be believed with KEPT, and the target itself
has to be met in the mean. A project with few known items, or none, keeps a margin; with many it needs none. The check takes away and never
gives: what known items say for the crowd is in the confidences already (labels/softening.py). Known items that are right make the belief
narrower and never better than what is stated, which they have raised before: evidence counts once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from .stopping import Rule

TOLERANCE, KEPT = 0.02, 0.8
PRIOR = 10  # known items; as in labels/softening.py
MOST_ERROR = 0.5  # a label that is as likely wrong as right is never sure
CANDIDATES = 400


@dataclass(frozen=True, eq=False)
class Known:
    """P paths of known items, a vote more in each column: errors (P, M) that the rule states, NaN beyond a path's end; wrong (P, M) bool;
    items (P,): codes, because an item with many votes is several paths and counts as one."""

    errors: np.ndarray
    wrong: np.ndarray
    items: np.ndarray

    @property
    def weights(self) -> np.ndarray:
        """(P,): the paths of an item count as one."""
        _, place, times = np.unique(self.items, return_inverse=True, return_counts=True)
        return (1 / times)[place] if len(self.items) else np.zeros(0)

    def stopped(self, bar: float, rule: Rule) -> tuple[np.ndarray, np.ndarray]:
        """(paths (S,), wrong (S,)) that a batch with these bounds would call sure at this error."""
        votes = np.arange(1, self.errors.shape[1] + 1)
        ends = (self.errors <= bar) & (votes >= rule.min_votes) & (votes <= rule.max_votes)
        rows = np.flatnonzero(ends.any(axis=1))
        first = (np.cumsum(ends[rows], axis=1) == 1) & ends[rows]
        return rows, (self.wrong[rows] & first).any(axis=1)

    def to_json(self) -> list:
        """One [item, errors in ppm, wrong 0 or 1] a path."""
        ends = (~np.isnan(self.errors)).sum(axis=1)
        rows = zip(self.items.tolist(), self.errors, self.wrong, ends.tolist(), strict=True)
        return [[item, np.rint(1e6 * e[:n]).astype(int).tolist(), w[:n].astype(int).tolist()] for item, e, w, n in rows]

    @staticmethod
    def from_json(rows: list) -> Known:
        """The paths that to_json() wrote, errors to the millionth: arrays (P, M)."""
        longest = max((len(row[1]) for row in rows), default=0)
        errors, wrong = np.full((len(rows), longest), np.nan), np.zeros((len(rows), longest), dtype=bool)
        for place, (_, error, is_wrong) in enumerate(rows):
            errors[place, : len(error)], wrong[place, : len(error)] = np.array(error) / 1e6, is_wrong
        return Known(errors, wrong, np.array([row[0] for row in rows], dtype=np.int64))


@dataclass(frozen=True)
class Bar:
    """error: sure where the stated error is at most this, below 0 where nothing may be called sure. n_known, n_right: known items (parts
    of one count as parts) that would be called sure, and found right; expected: what is believed of the error of the whole set."""

    error: float
    n_known: float
    n_right: float
    expected: float


NOTHING_KNOWN = Known(np.zeros((0, 0)), np.zeros((0, 0), dtype=bool), np.zeros(0, dtype=np.int64))
NOTHING_SURE = Bar(-1.0, 0, 0, 1.0)


def bar_of(errors: Any, rule: Rule, known: Known | None = None) -> Bar:
    """The highest bar whose set is believed to keep the rule's target.

    errors (I,): what is stated of the items that have been asked about, those that are not done among them.
    """
    from scipy.special import betainc  # only who sets a bar loads SciPy: pages are served without it

    errors, known = np.sort(np.asarray(errors, dtype=float)), known or NOTHING_KNOWN
    if not len(errors):
        return Bar(rule.target_error, 0, 0, rule.target_error)
    means, weights = np.cumsum(errors) / np.arange(1, len(errors) + 1), known.weights
    steps = np.unique(np.concatenate([errors, np.linspace(0, rule.target_error, 21)]))
    steps = steps[steps < MOST_ERROR]
    for step in steps[:: -max(1, len(steps) // CANDIDATES)].tolist():
        n_sure = int(np.searchsorted(errors, step, side="right"))
        said = float(means[n_sure - 1]) if n_sure else step
        if said > rule.target_error:
            continue
        rows, wrong = known.stopped(step, rule)
        n, n_wrong = float(weights[rows].sum()), float(weights[rows][wrong].sum())
        worth = PRIOR + n
        expected = max(said, (PRIOR * said + n_wrong) / worth)
        wrongs, rights = worth * expected, worth * (1 - expected)
        kept = wrongs <= 0 or betainc(wrongs, rights, rule.target_error + TOLERANCE) >= KEPT
        if kept and expected <= rule.target_error:
            return Bar(step, n, n - n_wrong, expected)
    return NOTHING_SURE
