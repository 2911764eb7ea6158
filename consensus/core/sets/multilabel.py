"""Several labels on one item: sensitivity and specificity of each worker for each label, labels that go together.

Model. Item i holds label l with t_il in {0, 1}; it has a profile z_i of M, with P(t_il = 1 | z) = theta[z, l]: labels that go
together share profiles (M = 1: independent labels). Worker w chooses l with probability sensitivity[w, l] where t = 1 and
1 - specificity[w, l] where t = 0; not to choose counts, and so does an empty set. Both rates are shrunk on two levels: the crowd's
rate of the label; the worker's overall rate, as a factor on the odds of the crowd's in every label (her skill is shared by all
labels); then her own counts for the label. All levels are estimated from the data (empirical Bayes), with the weights of shrink.py.

The choices on one item are not independent given t: some true labels are hard to see, some wrong ones tempting. The number c of n
workers who choose l is overdispersed, with variance phi times the binomial's, phi = 1 + (n - 1) rho, and rho for t = 1 and
t = 0 is estimated from the squared residuals. The log-likelihood is Efron's double binomial,
    -ln(phi) / 2 + (sum of the workers' log-probabilities) / phi + (1 - 1 / phi) (log-likelihood at the share c / n),
so wide "chosen now and then" and narrow "hardly ever chosen" are told apart. EM from the shares, no random numbers.

`multilabel` averages two fits, both softened by 1 / (1 + 0.2 n) as in auto.py: independent labels, and profiles with a law of
how many labels an item has (set_sizes.py), which starts with the sizes of the answers. Without that law profiles take a label that is often
mistaken for another to be there with it.

Workers' rates: A. P. Dawid and A. M. Skene (1979), doi:10.2307/2346806, label by label. Shrinkage: B. Carpenter, Multilevel
Bayesian Models of Categorical Data Annotation, 2008. Dispersion: B. Efron, Double Exponential Families and Their Use in
Generalized Linear Regression, JASA 81 (1986), doi:10.1080/01621459.1986.10478327; phi: L. Kish, Survey Sampling, 1965 (design
effect). Profiles: labels that depend on
each other, after L. Duan, S. Oyama, H. Sato, M. Kurihara, Separate or joint? Estimation of multiple labels from crowdsourced
annotations, Expert Systems with Applications 41 (2014).

Cost of a pass: O(A L + I L M) for A answers, I items, L labels, M profiles.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy.special import expit, logit

from ..answers.correlation import CORRELATION
from ..labels.shrink import FLOOR, shrunk_rates
from .losses import choose_sets
from .set_sizes import TINY_SHARE, shrunk_sizes, sizes_by_profile, sizes_of_answers, weigh_sizes
from .sets import Sets

MAX_PROFILES = 17  # one a label for the commonest labels, and one for "none"
BLOCK_CELLS = 60_000  # a block stays in the cache
TOL = 1e-4
FIRST_SENSITIVITY, FIRST_FALSE_CHOICE = 0.7, 0.05  # two pseudo-choices' worth, for crowds without any answers
MAX_RHO = 0.9
MAX_EVIDENCE = 300.0  # nats: more changes nothing


@dataclass(frozen=True, eq=False)
class SetSkills:
    """sensitivity, specificity (W, L); overall (W, 2): the two rates over all labels; dispersion (2,): rho where a label is
    absent and present; prevalence (L,); sizes (S + 1,): the law of how many labels an item has (set_sizes.py); worker_ids (W,)
    and labels (L,) name the axes."""

    sensitivity: np.ndarray
    specificity: np.ndarray
    overall: np.ndarray
    dispersion: np.ndarray
    prevalence: np.ndarray
    sizes: np.ndarray
    worker_ids: np.ndarray
    labels: np.ndarray

    @property
    def confusion(self) -> np.ndarray:
        """(W, L, 2, 2): P(chosen | present) at [w, l, present, chosen], as integer_rule.publish_tables takes it, label by label."""
        false, true = 1 - self.specificity, self.sensitivity
        rows = [np.stack([1 - rate, rate], axis=-1) for rate in (false, true)]
        return np.stack(rows, axis=-2)


@dataclass(frozen=True, eq=False)
class DecidedSets:
    """chosen (I, L) bool: the decided sets; posteriors (I, L): P(the label is there); item_confidence (I,): P(the whole set is right),
    labels taken as independent given the answers; labels (L,): ids."""

    chosen: np.ndarray
    posteriors: np.ndarray
    item_confidence: np.ndarray
    labels: np.ndarray

    @property
    def confidence(self) -> np.ndarray:
        """(I, L): P(this label's decision is right)."""
        return np.where(self.chosen, self.posteriors, 1 - self.posteriors)

    def sets(self) -> list[list]:
        """The decided sets, as lists of label ids in the order of the labels."""
        return [self.labels[row].tolist() for row in self.chosen]


@dataclass(frozen=True, eq=False)
class MultilabelResult(DecidedSets):
    """skills; n_iter and converged of the longer fit."""

    skills: SetSkills
    n_iter: int
    converged: bool


def multilabel(
    sets: Sets, gold: np.ndarray | None = None, n_iter: int = 150, tol: float = TOL, loss: str = "hamming"
) -> MultilabelResult:
    """Decide every item's set. gold: (I, L) of 1 (there), 0 (not there) and -1 (unknown). loss: see `choose_sets`.

    At most n_iter passes, or until the posteriors move by less than tol an answer in all. An item without answers stands by the
    labels' prevalence. Labels that nobody chose on any item, and no gold has, take no part in the fit: thousands of them cost nothing, and
    do not lower the confidence of a set. Raises ValueError when gold or loss does not fit.
    """
    gold = check_set_gold(gold, sets.n_items, sets.n_labels)
    used = np.any(sets.chosen_by_item if gold is None else sets.chosen_by_item + (gold > 0), axis=0)
    if used.any() and not used.all():
        few = _fit_and_decide(sets.keep_labels(used), None if gold is None else gold[:, used], n_iter, tol, loss)
        return _widened(few, sets, used, gold)
    return _fit_and_decide(sets, gold, n_iter, tol, loss)


def _fit_and_decide(sets: Sets, gold: np.ndarray | None, n_iter: int, tol: float, loss: str) -> MultilabelResult:
    models = (1, False), (min(sets.n_labels + 1, MAX_PROFILES), True)
    fits = [fit_sets(sets, n_profiles, gold, n_iter, tol, sized) for n_profiles, sized in models]
    decided = _decide(sets, [fit.log_odds for fit in fits], gold, loss)
    rates = learn_rates(sets, decided.posteriors)
    prevalence = (decided.posteriors.sum(axis=0) + 1) / (sets.n_items + 2)
    skills = SetSkills(
        *(rates.present, 1 - rates.absent, rates.overall, rates.rho, prevalence, fits[-1].sizes),
        *(sets.worker_ids, sets.labels),
    )
    done, converged = max(fit.n_iter for fit in fits), all(fit.converged for fit in fits)
    found = (decided.chosen, decided.posteriors, decided.item_confidence, decided.labels)
    return MultilabelResult(*found, skills, done, converged)


def _widened(few: MultilabelResult, sets: Sets, used: np.ndarray, gold: np.ndarray | None) -> MultilabelResult:
    """With the labels that nobody chose: as rare as can be said after so many items, and workers as on the other labels."""
    rare = 1 / (sets.n_items + 2)
    posteriors = np.full((sets.n_items, sets.n_labels), rare)
    chosen, prevalence = np.zeros(posteriors.shape, dtype=bool), np.full(sets.n_labels, rare)
    posteriors[:, used], chosen[:, used], prevalence[used] = few.posteriors, few.chosen, few.skills.prevalence
    sensitivity, specificity = (np.repeat(few.skills.overall[:, [side]], sets.n_labels, axis=1) for side in (0, 1))
    sensitivity[:, used], specificity[:, used] = few.skills.sensitivity, few.skills.specificity
    sizes = np.full(len(sizes_of_answers(sets)), TINY_SHARE)
    sizes[: len(few.skills.sizes)] = few.skills.sizes
    rates = {"sensitivity": sensitivity, "specificity": specificity, "prevalence": prevalence}
    skills = replace(few.skills, **rates, sizes=sizes, labels=sets.labels)
    posteriors = clamp_sets(posteriors, gold)
    return MultilabelResult(chosen, posteriors, few.item_confidence, sets.labels, skills, few.n_iter, few.converged)


def decide_sets(skills: SetSkills, sets: Sets, loss: str = "hamming") -> DecidedSets:
    """What new answers say under skills learned earlier; an unknown worker counts as the crowd's mean. The average of independent labels,
    and labels with the law of the size, as in `multilabel`.

    Raises ValueError when the labels differ: learn afresh when a project's labels change.
    """
    if skills.labels.tolist() != sets.labels.tolist():
        raise ValueError("skills have other labels than the sets; learn afresh when a project's labels change.")
    row_of = {worker: row for row, worker in enumerate(skills.worker_ids.tolist())}
    rows = [row_of.get(worker, -1) for worker in sets.worker_ids.tolist()]
    present, absent = (_with_crowd(rate)[rows] for rate in (skills.sensitivity, 1 - skills.specificity))
    log_odds = evidence_of(sets, Rates(present, absent, skills.overall, skills.dispersion)) + logit(skills.prevalence)
    base = np.maximum(sizes_by_profile(skills.prevalence[None])[0], TINY_SHARE)
    return _decide(sets, [log_odds, weigh_sizes(log_odds, skills.sizes / base)[0]], None, loss)


def _decide(sets: Sets, log_odds: list[np.ndarray], gold: np.ndarray | None, loss: str) -> DecidedSets:
    """The average of the models, softened label by label; the whole set's chance is softened once, not once a label."""
    power = 1 / (1 + CORRELATION * sets.answers_per_item)
    posteriors = clamp_sets(np.mean([expit(power[:, None] * found) for found in log_odds], axis=0), gold)
    plain = clamp_sets(np.mean([expit(found) for found in log_odds], axis=0), gold)
    chosen = choose_sets(posteriors if loss == "hamming" else plain, loss)
    right = np.log(np.clip(np.where(chosen, plain, 1 - plain), 1e-300, 1)).sum(axis=1)
    wrong = np.log(np.maximum(-np.expm1(right), 1e-300))
    return DecidedSets(chosen, posteriors, np.minimum(np.exp(right), expit(power * (right - wrong))), sets.labels)


@dataclass(frozen=True, eq=False)
class SetsFit:
    """log_odds (I, L) of the posteriors of one model, before softening; sizes (S + 1,): the law of how many labels an item has."""

    log_odds: np.ndarray
    sizes: np.ndarray
    n_iter: int
    converged: bool


def fit_sets(
    sets: Sets,
    n_profiles: int,
    gold: np.ndarray | None = None,
    n_iter: int = 150,
    tol: float = TOL,
    sized: bool = False,
) -> SetsFit:
    """EM for the model with n_profiles profiles and, if sized, a law of the sets' sizes; gold (I, L), ends as `multilabel` says."""
    posteriors = clamp_sets(_shares(sets), gold)
    profiles, sizes = _first_profiles(sets, n_profiles), sizes_of_answers(sets)
    counted = sets.n_items * sizes
    done, moved, log_odds = 0, np.inf, logit(np.clip(posteriors, FLOOR, 1 - FLOOR))
    while not done or (done < n_iter and moved > tol):
        scores = evidence_of(sets, learn_rates(sets, posteriors))
        theta, weights = _profile_rates(posteriors, profiles), (profiles.sum(axis=0) + 1) / (sets.n_items + n_profiles)
        log_odds, profiles = _expect(scores, theta, weights)
        if sized and sets.n_answers:
            base = np.maximum(weights @ sizes_by_profile(theta), TINY_SHARE)
            ratio = shrunk_sizes(counted, sets.n_items, sizes) / base
            log_odds, counted = weigh_sizes(_known(log_odds, gold), ratio)
        new = clamp_sets(expit(log_odds), gold)
        moved, posteriors, done = float(np.abs(new - posteriors).sum()) / max(sets.weights.sum(), 1), new, done + 1
    return SetsFit(log_odds, shrunk_sizes(counted, sets.n_items, sizes), done, moved <= tol)


@dataclass(frozen=True, eq=False)
class Rates:
    """present, absent (W, L): P(chosen) where the label is there and where it is not; overall (W, 2): sensitivity and
    specificity over all labels; rho (2,): correlation of the choices on one item, label absent and present."""

    present: np.ndarray
    absent: np.ndarray
    overall: np.ndarray
    rho: np.ndarray


def learn_rates(sets: Sets, posteriors: np.ndarray) -> Rates:
    """The M step under posteriors (I, L)."""
    of_choice = posteriors[sets.item_codes[sets.choice_answers], sets.choice_labels]
    hits = sets.sum_choices(sets.worker_codes, sets.n_workers, of_choice)
    met = np.maximum(sets.looks.T @ posteriors, hits)
    false = np.maximum(sets.chosen_by_worker - hits, 0)
    unmet = np.maximum(sets.answers_per_worker[:, None] - met, false)
    present, sensitivity = shrunk_rates(hits, met, FIRST_SENSITIVITY)
    absent, false_choices = shrunk_rates(false, unmet, FIRST_FALSE_CHOICE)
    rho = [_dispersion(sets, 1 - posteriors, absent), _dispersion(sets, posteriors, present)]
    return Rates(present, absent, np.stack([sensitivity, 1 - false_choices], axis=1), np.array(rho))


def evidence_of(sets: Sets, rates: Rates) -> np.ndarray:
    """(I, L): log-likelihood of the item's answers with the label less that without it; 0 for items without answers."""
    n, chosen = sets.answers_per_item[:, None], sets.chosen_by_item
    share = chosen / np.maximum(n, 1)
    saturated = chosen * np.log(np.where(chosen > 0, share, 1)) + (n - chosen) * np.log(
        np.where(chosen < n, 1 - share, 1)
    )
    total = np.zeros(chosen.shape)
    for sign, rate, rho in ((-1, rates.absent, rates.rho[0]), (1, rates.present, rates.rho[1])):
        phi = 1 + rho * np.maximum(n - 1, 0)
        yes, no = np.log(rate), np.log1p(-rate)
        gained = (yes - no)[sets.worker_codes[sets.choice_answers], sets.choice_labels]
        likelihood = sets.looks @ no + sets.sum_choices(sets.item_codes, sets.n_items, gained)
        total += sign * (likelihood / phi + (1 - 1 / phi) * saturated - np.log(phi) / 2)
    return total


def check_set_gold(gold: np.ndarray | None, n_items: int, n_labels: int) -> np.ndarray | None:
    """gold as int (I, L) of -1, 0, 1; ValueError when it does not fit."""
    if gold is None:
        return None
    gold = np.asarray(gold)
    if gold.shape != (n_items, n_labels) or not np.isin(gold, (-1, 0, 1)).all():
        raise ValueError(f"gold must be a table of {n_items} items x {n_labels} labels of 1, 0 and -1 (unknown).")
    return gold


def clamp_sets(posteriors: np.ndarray, gold: np.ndarray | None) -> np.ndarray:
    """(I, L) posteriors with what gold (I, L) knows put in; not in place."""
    return posteriors if gold is None else np.where(gold >= 0, gold, posteriors)


def _known(log_odds: np.ndarray, gold: np.ndarray | None) -> np.ndarray:
    """(I, L) log odds with what gold (I, L) knows put in."""
    return log_odds if gold is None else np.where(gold >= 0, np.where(gold > 0, 1, -1) * MAX_EVIDENCE, log_odds)


def _shares(sets: Sets) -> np.ndarray:
    n, chosen = sets.answers_per_item[:, None], sets.chosen_by_item
    everywhere = (chosen.sum(axis=0) + 1) / (n.sum() + 2)
    return np.where(n > 0, chosen / np.maximum(n, 1), everywhere)


def _first_profiles(sets: Sets, n_profiles: int) -> np.ndarray:
    """(I, M): profile m starts with the items that mostly got the m-th commonest label (ties: lower code), the last with those
    that mostly got none; a tenth of every item is spread evenly."""
    if n_profiles == 1:
        return np.ones((sets.n_items, 1))
    commonest = np.argsort(-sets.chosen_by_item.sum(axis=0), kind="stable")[: n_profiles - 1]
    given = np.concatenate([sets.chosen_by_item[:, np.sort(commonest)], sets.empty_by_item[:, None]], axis=1)
    best = (given > 0) & (given == given.max(axis=1, keepdims=True))
    count = best.sum(axis=1, keepdims=True)
    return np.where(count > 0, 0.9 * best / np.maximum(count, 1) + 0.1 / n_profiles, 1 / n_profiles)


def _profile_rates(posteriors: np.ndarray, profiles: np.ndarray) -> np.ndarray:
    """theta (M, L): each profile's label rates, shrunk by one pseudo-item towards all items'."""
    overall = (posteriors.sum(axis=0) + 1) / (len(posteriors) + 2)
    theta = (profiles.T @ posteriors + overall) / (profiles.sum(axis=0)[:, None] + 1)
    return np.clip(theta, FLOOR, 1 - FLOOR)


def _expect(scores: np.ndarray, theta: np.ndarray, weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(log odds (I, L), profiles (I, M)) in blocks of items: labels are independent given the profile."""
    log_odds, profiles = np.empty(scores.shape), np.empty((len(scores), len(theta)))
    step = max(1, BLOCK_CELLS // max(theta.size, 1))
    for rows in (slice(lo, lo + step) for lo in range(0, len(scores), step)):
        there = theta * np.exp(np.clip(scores[rows], -MAX_EVIDENCE, MAX_EVIDENCE))[:, None, :]
        either = there + (1 - theta)
        joint = np.log(either).sum(axis=2) + np.log(weights)
        joint = np.exp(joint - joint.max(axis=1, keepdims=True))
        profiles[rows] = joint / joint.sum(axis=1, keepdims=True)
        np.divide(profiles[rows][:, :, None], either, out=either)
        present, absent = np.einsum("iml,iml->il", there, either), np.einsum("ml,iml->il", 1 - theta, either)
        log_odds[rows] = np.log(np.maximum(present, 1e-300)) - np.log(np.maximum(absent, 1e-300))
    return log_odds, profiles


def _dispersion(sets: Sets, weights: np.ndarray, rates: np.ndarray) -> float:
    """rho by moments: how much the squared residuals of c exceed its binomial variance, per pair of answers; one more pair has none."""
    n = sets.answers_per_item[:, None]
    residual = sets.chosen_by_item - sets.looks @ rates
    variance = sets.looks @ (rates * (1 - rates))
    pairs = (weights * variance * np.maximum(n - 1, 0)).sum()
    return float(np.clip((weights * (residual**2 - variance) * (n > 1)).sum() / (pairs + 1), 0, MAX_RHO))


def _with_crowd(rates: np.ndarray) -> np.ndarray:
    """(W + 1, L): the last row, the mean, is anybody unknown."""
    mean = rates.mean(axis=0, keepdims=True) if len(rates) else np.full((1, rates.shape[1]), 0.5)
    return np.concatenate([rates, mean])
