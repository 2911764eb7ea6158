"""Who lets a model answer for her: evidence from the errors that she shares with it, beyond what two who do not know each other share.

Models have answered the same items beside the crowd (shadow annotators; nobody who works sees what they say). With rate c a worker gives
the model's answer, else her own, independent of it given the truth t. Own answers are those of copiers.py: confusion[t, a] * r(a) /
expected(a), r being what the item gets from everybody else, so that an item that misleads everybody makes nobody a machine. Truth is
what all others say of the item, and what the model's answer then adds by its own confusion: both may be right where the crowd is wrong.

How good she is, is learned from few answers, and others are less sure of the truth together than their votes multiplied. So the honest
explanation may choose both anew: chances of the true label are tilted by exp(theta), the truth that others see is raised to a power, and
the evidence is P(seen | copies, mean over RATES, TILTS and TRUSTS) / max over TILTS and TRUSTS of P(seen | copies HONEST_RATE). Its mean is
1 at most whichever of them is true (universal inference: L. Wasserman, A. Ramdas and S. Balakrishnan, PNAS 117 (2020),
doi:10.1073/pnas.1922664117), so it reaches 100 for one honest worker in a hundred at most, as far as the model of
own answers holds: Markov. Over several models the mean of e-values is one (V. Vovk and R. Wang, Annals of Statistics 49 (2021),
doi:10.1214/20-AOS2020).

What it cannot see: a model that was not asked and errs elsewhere, and whoever changes a good part of what the model says. What only
known items can tell: the one good worker beside a good model, in a crowd that is right half of the time, is alike because both are right.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from ..labels.shrink import shrunk_confusion
from .copiers import HONEST_RATE, RATES, TRUTHS, prior_votes
from .evidence import segment_sums
from .expected import BLOCK, Expected

HONEST_FLAGGED = 0.01  # of honest workers, at most
TILTS = np.arange(-2.0, 4.25, 0.5)  # log odds of being right, from much worse than learned to much better
TRUSTS = (1.0, 0.5)  # powers of what the others make of the truth: they err together, so they may be half as sure
AS_LEARNED = int(np.flatnonzero(TILTS == 0)[0])
PLANTED_RATE, TRIALS, SEED = max(RATES), 10, 13


@dataclass(frozen=True, eq=False)
class Machines:
    """Per worker (W,): log_e, evidence that models answer for her; nearest: which model, -1 for none; compared: her answers where it
    answered too; errors: those of them where it is wrong, as everybody's answers have it, and same_errors: where she says the same;
    power: P(she would be found if she gave it PLANTED_RATE of her answers), planted TRIALS times in her own items."""

    log_e: np.ndarray
    nearest: np.ndarray
    compared: np.ndarray
    errors: np.ndarray
    same_errors: np.ndarray
    power: np.ndarray

    @property
    def flagged(self) -> np.ndarray:
        """(W,) bool."""
        return self.log_e >= -np.log(HONEST_FLAGGED)


def find_machines(expected: Expected, shadows: np.ndarray) -> Machines:
    """shadows (M, I): what each model says of each item, label codes, -1 for nothing. ValueError for another shape or other codes."""
    votes = expected.votes
    shadows = np.asarray(shadows)
    if shadows.ndim != 2 or shadows.shape[1] != votes.n_items or not len(shadows):
        raise ValueError(f"shadows must be (models, {votes.n_items}) label codes, not {shadows.shape}.")
    if shadows.min(initial=-1) < -1 or shadows.max(initial=-1) >= votes.n_labels:
        raise ValueError(f"shadows must hold label codes below {votes.n_labels}, or -1.")
    prior = prior_votes(expected)
    matrices = [_confusion_of(expected, said) for said in shadows]
    looks = [_Look.at(expected, said, prior, own) for said, own in zip(shadows, matrices, strict=True)]
    log_e = np.stack([look.log_e(look.agree) for look in looks])
    nearest = np.where(log_e.max(axis=0) > -np.inf, log_e.argmax(axis=0), -1)
    sums = [look.counts(expected, said) for look, said in zip(looks, shadows, strict=True)]
    at = np.maximum(nearest, 0), np.arange(votes.n_workers)
    compared, errors, same = (np.stack(parts)[at] for parts in zip(*sums, strict=True))
    return Machines(_mean(log_e), nearest, compared, errors, same, _power(expected, shadows, matrices, looks, log_e))


def _power(
    expected: Expected, shadows: np.ndarray, matrices: list[np.ndarray], looks: list[_Look], log_e: np.ndarray
) -> np.ndarray:
    """(W,) share of the trials in which she is found, with her nearest model's answers planted among what her own work would be."""
    rng, prior, nearest = np.random.default_rng(SEED), prior_votes(expected), log_e.argmax(axis=0)
    found = np.zeros(len(nearest))
    for place, (said, matrix) in enumerate(zip(shadows, matrices, strict=True)):
        seen = replace(expected, confusion=(1 - PLANTED_RATE) * expected.confusion + PLANTED_RATE * matrix)
        look, hers, others = _Look.at(seen, said, prior, matrix), nearest == place, np.delete(log_e, place, axis=0)
        alike = PLANTED_RATE + (1 - PLANTED_RATE) * looks[place].models[AS_LEARNED]
        for _ in range(TRIALS):
            planted = look.log_e(rng.random(len(alike)) < alike)
            found += hers & (_mean(np.vstack([others, planted])) >= -np.log(HONEST_FLAGGED))
    return found / TRIALS


def _mean(log_e: np.ndarray) -> np.ndarray:
    """(W,) log of the mean over models of e-values, from logs (M, W)."""
    return np.logaddexp.reduce(log_e, axis=0) - np.log(len(log_e))


@dataclass(frozen=True, eq=False)
class _Look:
    """The votes (n,) on items that one model answered, in rows: worker; agree with it; models (H, n), P(its answer | her own work), for
    each of the H pairs of a trust and a tilt; other (H, n), P(what she said | her own work), or where that is the model's, P(anything
    else). n_workers: of all."""

    worker: np.ndarray
    rows: np.ndarray
    agree: np.ndarray
    models: np.ndarray
    other: np.ndarray
    n_workers: int

    @classmethod
    def at(cls, expected: Expected, said: np.ndarray, prior: float, matrix: np.ndarray) -> _Look:
        """matrix (K, K): the model's."""
        votes = expected.votes
        blocks = list(_chances(expected, said, prior, matrix))
        rows, own, models = (np.concatenate(parts, axis=-1) for parts in zip(*blocks, strict=True))
        agree = votes.answer_codes[rows] == said[votes.item_codes[rows]]
        return cls(votes.worker_codes[rows], rows, agree, models, np.where(agree, 1 - models, own), votes.n_workers)

    def log_e(self, agree: np.ndarray) -> np.ndarray:
        """(W,) evidence, were these (n,) the answers that are the model's; -inf for who gave none."""
        honest = self._log_likelihoods(HONEST_RATE, agree).max(axis=0)
        copies = np.concatenate([self._log_likelihoods(rate, agree) for rate in RATES])
        log_e = np.logaddexp.reduce(copies, axis=0) - np.log(len(copies)) - honest
        return np.where(np.bincount(self.worker, minlength=self.n_workers) > 0, log_e, -np.inf)

    def counts(self, expected: Expected, said: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """(W,) each: answers, those where the model is wrong, and those of them where she says the same."""
        items = expected.votes.item_codes[self.rows]
        wrong = expected.posteriors[items].argmax(axis=1) != said[items]
        every = [np.ones(len(items)), wrong, wrong & self.agree]
        answers, errors, same = (segment_sums(one, self.worker, self.n_workers) for one in every)
        return answers, errors, same

    def _log_likelihoods(self, rate: float, agree: np.ndarray) -> np.ndarray:
        """(H, W)."""
        chances = np.where(agree, rate + (1 - rate) * self.models, (1 - rate) * self.other)
        return np.stack([segment_sums(np.log(row), self.worker, self.n_workers) for row in chances])


def _chances(
    expected: Expected, said: np.ndarray, prior: float, matrix: np.ndarray
) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """rows (n,), and what _tilted says of them, block by block."""
    votes = expected.votes
    for lo in range(0, votes.n_votes, BLOCK):
        block = slice(lo, min(lo + BLOCK, votes.n_votes))
        rows = lo + np.flatnonzero(said[votes.item_codes[block]] >= 0)
        model = said[votes.item_codes[rows]]
        seen, pairs = expected.without(block)[rows - lo], []
        for trust in TRUSTS:
            truth = seen**trust * matrix[:, model].T
            pairs.append(_tilted(expected, rows, model, truth / truth.sum(axis=1, keepdims=True), prior))
        yield rows, np.concatenate([own for own, _ in pairs]), np.concatenate([models for _, models in pairs])


def _tilted(
    expected: Expected, rows: np.ndarray, model: np.ndarray, truth: np.ndarray, prior: float
) -> tuple[np.ndarray, np.ndarray]:
    """P(her answer) and P(the model's), both (TILTS, n), by her own work, for these votes (n,): what the model says (n,), truth (n, K)."""
    votes, at = expected.votes, np.arange(len(rows))
    hers, worker = votes.answer_codes[rows], votes.worker_codes[rows]
    usual = truth @ expected.crowd
    others = votes.counts[votes.item_codes[rows]] + prior * usual
    others[at, hers] -= 1
    others /= usual
    likely = np.argsort(-truth, axis=1, kind="stable")[:, :TRUTHS]
    weight = np.take_along_axis(truth, likely, axis=1)
    weight /= weight.sum(axis=1, keepdims=True)
    tilts, found = np.exp(TILTS)[:, None], np.zeros((2, len(TILTS), len(rows)))
    for place in range(likely.shape[1]):
        true = likely[:, place]
        chance = expected.confusion[worker, true] * others
        whole = chance.sum(axis=1) + (tilts - 1) * chance[at, true]
        for which, answer in enumerate((hers, model)):
            found[which] += weight[:, place] * chance[at, answer] * np.where(answer == true, tilts, 1.0) / whole
    return found[0], found[1]


def _confusion_of(expected: Expected, said: np.ndarray) -> np.ndarray:
    """(K, K) of the model, against the truth as people have it, shrunk as anybody's."""
    counts = np.zeros((1, expected.votes.n_labels, expected.votes.n_labels))
    answered = np.flatnonzero(said >= 0)
    np.add.at(counts[0].T, said[answered], expected.posteriors[answered])
    return shrunk_confusion(counts)[0][0]
