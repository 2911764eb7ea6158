"""Clickers: workers whose answers say nothing about the items.

Model: a worker looks at a share s of her items and answers these as the typical worker would, given the truth that the
others see; on the rest she answers from her own habit m, whatever the item:

    P(answer a on item i) = s * typical_i(a) + (1 - s) * m(a)        (after MACE: D. Hovy et al., NAACL 2013, N13-1132)

m is her own label shares (leave-one-out; a one-label clicker's is 1 on her label). The statistic is the log likelihood ratio of s = 0
against s = MIN_ATTENTION, the least favourable honest worker. Its p-value: normal, with the mean and the variance that it has for
that worker. One vote adds at most ln 2 and may take away much, so the true upper tail is lighter. Few answers, a project where
one label is nearly always right, or a crowd that knows nothing itself leave the ratio near 1.

Also a permutation test in the other direction: does the order of her answers over her items matter at all, that is, is
sum(right) what it would be if her answers were shuffled (W. Hoeffding, Annals of Mathematical Statistics 22 (1951),
doi:10.1214/aoms/1177729545)? Who carries information in any direction is no clicker, however bad she is. Who
answers by a pattern is one on weaker evidence of the first kind.

rank_one: the distance of her confusion matrix from rank one, where a clicker's is, as a share of the typical worker's:
V. C. Raykar and S. Yu, Eliminating Spammers and Ranking Annotators for Crowdsourced Labeling Tasks, JMLR 13 (2012) 491-518.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr

from .evidence import FAR_LEVEL, LEVEL, Flag, copied_ratio, discoveries, log_mean, p_of, segment_sums
from .expected import Expected, answer_counts
from .log import Log

MIN_ATTENTION = 1 / 2
HABIT = 2.0  # pseudo-answers of the crowd's label shares in her habit
INFORMATIVE_P = 0.05
MIN_WORKERS = 5  # one person's word against another's tells nothing
ONE_LABEL_SHARE = 0.9
LAGS = range(1, 7)  # a pattern repeats after so many answers
PATTERN_RATES = (0.5, 0.9)
HONEST_REPEATS = 0.1  # people do repeat themselves a little
STEPS = 30


@dataclass(frozen=True, eq=False)
class Pattern:
    """Per worker (W,): p_value; found; every: she repeats what she said so many answers before; repeats, and how many are expected."""

    p_value: np.ndarray
    found: np.ndarray
    every: np.ndarray
    repeats: np.ndarray
    expected: np.ndarray


@dataclass(frozen=True, eq=False)
class Clickers:
    """Per worker (W,): attention, the likeliest share of items that she looks at; log_ratio of clicking; p_value:
    how often an honest worker would have as high a ratio; information_p: how often shuffled answers would fit the truth as
    well or as badly; rank_one; pattern; flagged."""

    attention: np.ndarray
    log_ratio: np.ndarray
    p_value: np.ndarray
    information_p: np.ndarray
    rank_one: np.ndarray
    pattern: Pattern
    flagged: np.ndarray


def find_clickers(log: Log, expected: Expected, level: float = LEVEL) -> Clickers:
    """Who answers without looking, of the workers of the log, at a false discovery rate of `level`."""
    votes = expected.votes
    log_ratio, mean, variance = _ratios(expected)
    varies = variance > 1e-12
    z = np.where(varies, (log_ratio - mean) / np.sqrt(np.where(varies, variance, 1)), 0)
    p_value, information_p = ndtr(-z), _information_p(expected)
    enough = np.count_nonzero(votes.votes_per_worker) >= MIN_WORKERS
    tested = np.where((votes.votes_per_worker > 0) & enough, p_value, np.nan)
    pattern = pattern_of(log, expected)
    flagged = discoveries(tested, level) & (information_p > INFORMATIVE_P) | pattern.found & (p_value <= FAR_LEVEL)
    return Clickers(_attention(expected), log_ratio, p_value, information_p, _rank_one(expected), pattern, flagged)


def clicker_flags(log: Log, expected: Expected, found: Clickers) -> list[Flag]:
    """One flag a clicker: of one label, of a pattern, or random."""
    votes = log.votes
    answers = answer_counts(votes)
    flags = []
    for w in np.flatnonzero(found.flagged):
        top, seen = int(answers[w].argmax()), int(votes.votes_per_worker[w])
        numbers = {
            "answers": seen,
            "attention": round(float(found.attention[w]), 3),
            "right": round(float(expected.right[votes.worker_codes == w].sum()), 1),
            "right_by_chance": round(float(expected.alike[w]), 1),
            "rank_one": round(float(found.rank_one[w]), 3),
            "label": votes.labels[top : top + 1].tolist()[0],
            "label_answers": int(answers[w, top]),
            "label_expected": round(float(seen * expected.marginal[top]), 1),
        }
        kind, p_value = "random", float(found.p_value[w])
        if answers[w, top] >= ONE_LABEL_SHARE * seen:
            kind = "one_label"
        elif found.pattern.found[w]:
            kind, p_value = "pattern", float(found.pattern.p_value[w])
            numbers |= {
                "every": int(found.pattern.every[w]),
                "repeats": int(found.pattern.repeats[w]),
                "repeats_expected": round(float(found.pattern.expected[w]), 1),
            }
        who = votes.worker_ids[w : w + 1].tolist()[0]
        flags.append(Flag(kind, who, 1 - float(found.attention[w]), p_value, numbers))
    return flags


def pattern_of(log: Log, expected: Expected) -> Pattern:
    """Does she repeat the answer that she gave so many answers before, more often than what she says of these items makes
    likely? Evidence: the mean of e-values over LAGS and PATTERN_RATES. Only answers on items that others saw as well."""
    votes, order = log.votes, log.by_worker()
    order = order[expected.others[order] > 0]
    worker, answer, own = votes.worker_codes[order], votes.answer_codes[order], expected.own[order]
    log_e, repeats, chance = (np.zeros((len(LAGS), votes.n_workers)) for _ in range(3))
    for place, lag in enumerate(LAGS):
        same = worker[lag:] == worker[:-lag]
        who, again, p = worker[lag:][same], (answer[lag:] == answer[:-lag])[same], own[lag:][same]
        rates = [copied_ratio(again, 1 / p, rate, HONEST_REPEATS) for rate in PATTERN_RATES]
        log_e[place] = log_mean([segment_sums(ratio, who, votes.n_workers) for ratio in rates])
        repeats[place] = segment_sums(again, who, votes.n_workers)
        chance[place] = segment_sums(p, who, votes.n_workers)
    best, workers = log_e.argmax(axis=0), np.arange(votes.n_workers)
    p_value = p_of(log_mean(list(log_e)))
    return Pattern(p_value, discoveries(p_value), np.array(LAGS)[best], repeats[best, workers], chance[best, workers])


def _ratios(expected: Expected) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(W,) each: the log likelihood ratio of clicking, its mean and its variance for a worker of MIN_ATTENTION."""
    votes, sums = expected.votes, np.zeros((3, expected.votes.n_workers))
    answers = answer_counts(votes)
    for rows, truth in expected.looks():
        worker, answer = votes.worker_codes[rows], votes.answer_codes[rows]
        at = np.arange(len(answer))
        habit = answers[worker] + HABIT * expected.marginal
        habit[at, answer] -= 1
        habit /= habit.sum(axis=1, keepdims=True)
        honest = MIN_ATTENTION * (truth @ expected.crowd) + (1 - MIN_ATTENTION) * habit
        ratio = np.log(habit / honest)
        mean = (honest * ratio).sum(axis=1)
        for place, values in enumerate((ratio[at, answer], mean, (honest * ratio**2).sum(axis=1) - mean**2)):
            sums[place] += segment_sums(values, worker, votes.n_workers)
    return sums[0], sums[1], sums[2]


def _habit(expected: Expected) -> np.ndarray:
    """(N,) P(this answer | her other answers), whatever the item."""
    votes = expected.votes
    others = answer_counts(votes)[votes.worker_codes, votes.answer_codes] - 1
    prior = expected.marginal[votes.answer_codes]
    return (others + HABIT * prior) / (votes.votes_per_worker[votes.worker_codes] - 1 + HABIT)


def _attention(expected: Expected) -> np.ndarray:
    """(W,) the s that makes her answers likeliest: the root of a falling function, by bisection."""
    votes, habit = expected.votes, _habit(expected)
    gain = expected.typical - habit
    low, high = np.zeros(votes.n_workers), np.ones(votes.n_workers)
    for _ in range(STEPS):
        middle = (low + high) / 2
        slope = segment_sums(gain / (habit + middle[votes.worker_codes] * gain), votes.worker_codes, votes.n_workers)
        low, high = np.where(slope > 0, middle, low), np.where(slope > 0, high, middle)
    return np.where(high < 1e-6, 0.0, (low + high) / 2)


def _information_p(expected: Expected) -> np.ndarray:
    """(W,) two-sided p-value of the permutation test; 1 where her answers could not be shuffled to anything else."""
    votes = expected.votes
    right = segment_sums(expected.right, votes.worker_codes, votes.n_workers)
    varies = expected.spread > 1e-12
    z = np.where(varies, (right - expected.alike) / np.sqrt(np.where(varies, expected.spread, 1)), 0)
    return 2 * ndtr(-np.abs(z))


def _rank_one(expected: Expected) -> np.ndarray:
    """(W,): mean squared distance between the rows of her confusion matrix, against the typical worker's."""

    def distance(matrix: np.ndarray) -> np.ndarray:
        return matrix.var(axis=-2).sum(axis=-1)

    typical = float(distance(expected.crowd))
    own = distance(expected.confusion)
    return own / typical if typical > 1e-12 else np.ones(len(own))
