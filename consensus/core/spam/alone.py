"""Tests that need no honest crowd: they hold when every account is a machine.

hurried: answers below what a person's body can do, `HURRIED` of the last `WINDOW`. Which they are the caller says: the limit
depends on the task. An honest person falls below it by a slip of the finger, never so often.

chance: an account whose answers tell nothing. Two looks at it. On known items: so few right that somebody who is right on
MIN_RIGHT of them would have it once in 1 / FEW times. Among each other: the agreement of the whole crowd over chance
(J. Cohen's kappa, Educational and Psychological Measurement 20 (1960), doi:10.1177/001316446002000104, chance being each one's
own history of labels) lies below MIN_KAPPA with its whole interval; then whoever's own does, too, who agrees with no single other
beyond chance, and is no better than chance on known items, is one of those who make it so. Looks are many, so the level of the
crowd's test is spent: look k has LEVEL / (k (k + 1)), which sums up to LEVEL however long one looks (K. K. G. Lan and D. L. DeMets,
Biometrika 70 (1983), doi:10.1093/biomet/70.3.659). So of a hundred projects whose crowd agrees as well as MIN_KAPPA or better, one
has such a flag. An honest one among many machines is found out by a single other or by known items, and not always: no level is
promised to her, and a person decides.

picky: she answers known items and hands work back, so often that it is no accident (R. A. Fisher's exact test, one-sided). Who
cannot tell them apart cannot choose them.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr

from .evidence import Flag
from .log import Log
from .tails import binomial_at_least, binomial_at_most, hypergeometric_at_least

WINDOW, HURRIED = 100, 20
MIN_RIGHT, FEW = 0.5, 1e-4
MIN_KAPPA, MIN_PAIRS = 0.25, 60
LEVEL, LOOK_ANSWERS = 0.01, 20  # of the crowd's test in all looks together; about one look for so many answers
OWN_Z = (
    1.282  # each one's interval, one-sided, 90 %: she is only asked about where the crowd's test has found something
)
PAIR_SHARED, PAIR_P = 8, 1e-3
BETTER_P = 0.05
MIN_ANSWERS = 40  # by then an honest one among machines has met another, and some known items
MAX_WORKERS, MAX_CELLS = 2_000, 20_000_000  # above, memory would be the limit: the other tests look there
PICKY_P, MIN_SKIPS = 1e-6, 20


@dataclass(frozen=True)
class Lent:
    """What became of the tasks that a worker had: known items and work, lent and answered."""

    worker: int
    gold_lent: int
    gold_answered: int
    work_lent: int
    work_answered: int


def hurried_flags(log: Log, hurried: np.ndarray) -> list[Flag]:
    """hurried (R,): of each row that the log was made from, whether it came faster than anybody can."""
    if log.took_s is None:
        return []
    flags, order = [], log.by_worker()
    who = log.votes.worker_codes[order]
    for code in np.unique(who[hurried[log.row[order]]]):
        mine = order[who == code][-WINDOW:]
        count = int(hurried[log.row[mine]].sum())
        if count < HURRIED:
            continue
        seconds = np.sort(log.took_s[mine][hurried[log.row[mine]]])
        numbers = {
            "answers": count,
            "window": len(mine),
            "seconds": round(float(np.median(seconds)), 3),
            "first_row": int(log.row[mine[0]]),
            "last_row": int(log.row[mine[-1]]),
        }
        name = log.votes.worker_ids[[code]].tolist()[0]
        flags.append(Flag("hurried", name, count / len(mine), FEW, numbers))
    return flags


def chance_flags(log: Log, gold: np.ndarray, apart: Collection[Hashable] = ()) -> list[Flag]:
    """gold (I,): label codes of known items, -1 = unknown. apart: workers that another test has found already: they are left out
    of the crowd, so that nobody is measured by them."""
    votes = log.votes
    if not votes.n_votes or votes.n_labels < 2 or votes.n_items * votes.n_labels > MAX_CELLS:
        return []
    habit = _habits(votes)
    right, seen, luck = _on_gold(votes, gold, habit)
    blind_p = binomial_at_most(right, seen, np.maximum(MIN_RIGHT, luck))
    out = np.array([one in apart for one in votes.worker_ids.tolist()]) | (blind_p < FEW)
    together = _together(votes, gold, habit, out)
    enough = (together.pairs >= MIN_PAIRS) & (votes.votes_per_worker >= MIN_ANSWERS)
    alone = ~together.pair_found & (together.most_kappa < MIN_KAPPA) & enough
    crowd = together.crowd_p < _spent(votes.votes_per_worker)
    # So many are asked whether they do better on known items than their luck; one in twenty machines would.
    better = (seen > 0) & (binomial_at_least(right, seen, luck) < BETTER_P / max((crowd & alone).sum(), 1))
    found = (seen > 0) & (blind_p < FEW) | crowd & alone & ~better
    flags = []
    for code in np.flatnonzero(found):
        numbers = {
            "answers": int(votes.votes_per_worker[code]),
            "pairs": int(together.pairs[code]),
            "same": int(together.same[code]),
            "same_by_chance": round(float(together.expected[code]), 1),
            "gold_seen": int(seen[code]),
            "gold_right": int(right[code]),
        }
        p_value = float(blind_p[code] if seen[code] and blind_p[code] < FEW else max(together.crowd_p, 1e-12))
        score = float(np.clip(1 - together.kappa[code], 0, 1))
        flags.append(Flag("chance", votes.worker_ids[[code]].tolist()[0], score, min(p_value, 1.0), numbers))
    return flags


def picky_flags(lent: list[Lent]) -> list[Flag]:
    """Who answers known items and hands work back."""
    flags = []
    for one in lent:
        left = one.work_lent - one.work_answered
        answered = one.gold_answered + one.work_answered
        # how often so many of the answered would be known items, were they answered alike
        p = hypergeometric_at_least(one.gold_answered, answered, one.gold_lent, one.gold_lent + one.work_lent)
        if left >= MIN_SKIPS and p < PICKY_P:
            numbers = {
                name: getattr(one, name) for name in ("gold_lent", "gold_answered", "work_lent", "work_answered")
            }
            flags.append(Flag("picky", one.worker, left / max(one.work_lent, 1), float(p), numbers))
    return flags


@dataclass(frozen=True, eq=False)
class _Together:
    """Per worker (W,): pairs of answers with others on the same items, how many are the same, and by chance; kappa, and the most
    that it can well be; whether a single other agrees beyond chance. crowd_p: how often a crowd of MIN_KAPPA would agree so
    little."""

    pairs: np.ndarray
    same: np.ndarray
    expected: np.ndarray
    kappa: np.ndarray
    most_kappa: np.ndarray
    pair_found: np.ndarray
    crowd_p: float


def _habits(votes) -> np.ndarray:
    """(W, L) how often each one gives each label, whatever the item."""
    counts = np.zeros((votes.n_workers, votes.n_labels))
    np.add.at(counts, (votes.worker_codes, votes.answer_codes), 1)
    return counts / np.maximum(counts.sum(1, keepdims=True), 1)


def _on_gold(votes, gold: np.ndarray, habit: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(right, seen, share right by habit alone) of known items, per worker (W,)."""
    truth = gold[votes.item_codes]
    known = truth >= 0
    who = votes.worker_codes[known]
    seen = np.bincount(who, minlength=votes.n_workers)
    right = np.bincount(who, weights=votes.answer_codes[known] == truth[known], minlength=votes.n_workers)
    luck = np.bincount(who, weights=habit[who, truth[known]], minlength=votes.n_workers)
    return right, seen, luck / np.maximum(seen, 1)


def _together(votes, gold: np.ndarray, habit: np.ndarray, out: np.ndarray) -> _Together:
    """Of every two answers on one item that is not known: the same, and by chance. Those of `out` (W,) are not there."""
    n, work = votes.n_workers, np.flatnonzero((gold[votes.item_codes] < 0) & ~out[votes.worker_codes])
    item, who, said = votes.item_codes[work], votes.worker_codes[work], votes.answer_codes[work]
    given, habits = np.zeros((2, votes.n_items, votes.n_labels))
    np.add.at(given, (item, said), 1)
    np.add.at(habits, item, habit[who])
    pairs = np.bincount(who, given.sum(1)[item] - 1, n)
    hits = np.bincount(who, given[item, said] - 1, n)
    expected = np.bincount(who, (habit[who] * (habits[item] - habit[who])).sum(1), n)
    left = np.maximum(pairs - expected, 1e-9)
    kappa = (hits - expected) / left
    error = np.sqrt(np.maximum(expected, 0) * left / np.maximum(pairs, 1)) / left
    crowd_p, level = _crowd_p(pairs, hits, expected), _spent(votes.votes_per_worker)
    # Who agrees with whom is only asked where the crowd knows nothing; there it is small.
    found = _pair_found(item, who, said, habit) if crowd_p < level else np.zeros(n, dtype=bool)
    return _Together(pairs, hits, expected, kappa, kappa + OWN_Z * error, found, crowd_p)


def _spent(answers: np.ndarray) -> float:
    """The level of a look: which it is, tells whoever has answered most."""
    look = max(int(answers.max()) // LOOK_ANSWERS, 1)
    return LEVEL / (look * (look + 1))


def _pair_found(item: np.ndarray, who: np.ndarray, said: np.ndarray, habit: np.ndarray) -> np.ndarray:
    """(W,) whether a single other agrees with her beyond chance."""
    n = len(habit)
    if n > MAX_WORKERS:
        return np.ones(n, dtype=bool)
    same, shared, chance = np.zeros((n, n)), np.zeros((n, n)), habit @ habit.T
    order = np.argsort(item, kind="stable")
    for rows in np.split(order, np.flatnonzero(np.diff(item[order])) + 1):
        shared[np.ix_(who[rows], who[rows])] += 1
        same[np.ix_(who[rows], who[rows])] += said[rows][:, None] == said[rows][None, :]
    np.fill_diagonal(shared, 0)
    p = np.where(shared >= PAIR_SHARED, binomial_at_least(same, shared, np.clip(chance, 0, 1)), 1)
    return np.asarray((p < PAIR_P / max(n - 1, 1)).any(axis=1))


def _crowd_p(pairs: np.ndarray, hits: np.ndarray, expected: np.ndarray) -> float:
    """How often a crowd of MIN_KAPPA would agree so little."""
    total, left = pairs.sum() / 2, (pairs - expected).sum() / 2
    if total < MIN_PAIRS or left <= 0:
        return 1.0
    by_chance = 1 - left / total
    kappa = (hits - expected).sum() / 2 / left
    error = np.sqrt(by_chance * (1 - by_chance) / total) * total / left
    return float(ndtr((kappa - MIN_KAPPA) / max(error, 1e-9)))
