"""Does the object exist, and what is it: one model for every kind of region.

Marks of several workers have been linked into candidates (`matching.link_marks`). A candidate is real or clutter. Everybody who looked
at the item either marked it or did not, and both count:

    real:     logit P(look a of worker w marks c) = ability_w + effort_a + visibility_c
              ability_w ~ N(crowd, ability_sd^2),  effort_a ~ N(0, effort_sd^2),  visibility_c ~ N(0, visibility_sd^2)
    clutter:  one look, drawn in proportion to its worker's clutter rate, makes it; every other look repeats it with chance `echo`
    label of a mark | label k of the object ~ confusion_w[k, .]

It is a Rasch model (1960) of marking with effort per look: who tires after the first box leaves out the rest of that picture, and
her silence there says little. Objects that nobody marked are never seen; each item carries one ghost candidate that stands for them
(EM for truncated data, Dempster, Laird & Rubin 1977, doi:10.1111/j.2517-6161.1977.tb01600.x). Because real objects differ in
visibility, the number with two marks foretells how many have one; single marks beyond that number are clutter. The number of real
objects of an item is Poisson with an exponentially distributed rate, so an item where nobody marked anything may still hide one.
Workers are also drawn to the same wrong spots, which the model does not know and is therefore too sure; the chance of existence that is
given out is the mean of the posterior and of the marks found over the marks that a real object should have had, each mark counted
by the chance that a mark of its worker's is of something: what only one draws who is known to invent is not there by being drawn.
Labels follow Dawid & Skene 1979, doi:10.2307/2346806, with confusions shrunk to the crowd's. Existence, label and place in one crowd
model: Branson, Van Horn & Perona, Lean Crowdsourcing, CVPR 2017, doi:10.1109/CVPR.2017.647.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from .marks import Marks
from .worker_model import (
    DEFAULT_PRIOR,
    GRID,
    ORACLE_ABILITY,
    SMALLEST,
    ObjectPrior,
    Skills,
    default_skills,
    one_coin,
    sigmoid,
    visibility_weights,
)

SETTLED = 1e-3  # EM stops when no existence moves more


@dataclass(frozen=True)
class Views:
    """Every (candidate, look) pair of one item, sorted by candidate; the last n_items candidates are the items' ghosts.

    seen: (P,) bool, label: (P,) label of the mark or -1.
    """

    candidate: np.ndarray
    answer: np.ndarray
    worker: np.ndarray
    seen: np.ndarray
    label: np.ndarray
    start: np.ndarray
    empty: np.ndarray
    n_real: int


@dataclass(frozen=True)
class Objects:
    """C candidates: item (C,), exists (C,) probability, label (C, K) given that it exists, votes (C,) marks. missed: (N,) expected
    objects of each item that everybody missed."""

    item: np.ndarray
    exists: np.ndarray
    label: np.ndarray
    votes: np.ndarray
    missed: np.ndarray


def make_views(marks: Marks, candidate: np.ndarray, candidate_item: np.ndarray) -> Views:
    """Cross every candidate, and one ghost per item, with every look at its item. candidate: (M,) per mark; candidate_item: (C,)."""
    order = np.argsort(marks.item, kind="stable")
    looks = np.bincount(marks.item, minlength=marks.n_items)
    first = np.cumsum(looks) - looks
    item = np.concatenate([candidate_item, np.arange(marks.n_items)]).astype(np.int64)
    n_looks = looks[item]
    start = np.cumsum(n_looks) - n_looks
    of = np.repeat(np.arange(len(item)), n_looks)
    answer = order[first[item][of] + np.arange(len(of)) - start[of]] if len(of) else np.zeros(0, dtype=np.int64)
    key = of * (marks.n_answers + 1) + answer
    place = np.searchsorted(key, candidate * (marks.n_answers + 1) + marks.answer)
    seen = np.zeros(len(of), dtype=bool)
    label = np.full(len(of), -1, dtype=np.int64)
    seen[place], label[place] = True, marks.label
    return Views(of, answer, marks.worker[answer], seen, label, start, n_looks == 0, len(candidate_item))


def infer_objects(
    marks: Marks,
    views: Views,
    candidate_item: np.ndarray,
    skills: Skills,
    prior: ObjectPrior = DEFAULT_PRIOR,
    rounds: int = 6,
) -> Objects:
    """Posterior of existence and label with the workers' skills held; a few rounds settle the effort of each look."""
    effort = np.zeros(marks.n_answers)
    for _ in range(rounds):
        step = _expect(marks, views, candidate_item, skills, effort, prior)
        effort = effort + _newton(step, views.answer, effort, prior.effort_sd)
    return _objects(marks, views, candidate_item, skills, _expect(marks, views, candidate_item, skills, effort, prior))


def learn_skills(
    marks: Marks, views: Views, candidate_item: np.ndarray, prior: ObjectPrior = DEFAULT_PRIOR, rounds: int = 150
) -> tuple[Skills, Objects]:
    """EM over existence, visibility, effort and skills, one Newton step each a round. Stops after `rounds` or when no existence
    moves by SETTLED. Deterministic."""
    skills = _with_oracle(default_skills(marks.n_workers, marks.n_labels, prior=prior), marks.oracle)
    effort = np.zeros(marks.n_answers)
    before = np.zeros(views.n_real)
    for _ in range(rounds):
        step = _expect(marks, views, candidate_item, skills, effort, prior)
        if np.abs(step.exists - before).max(initial=0.0) < SETTLED:
            break
        before = step.exists
        effort = effort + _newton(step, views.answer, effort, prior.effort_sd)
        skills = _with_oracle(_maximise(marks, views, skills, step, prior), marks.oracle)
    objects = _objects(
        marks, views, candidate_item, skills, _expect(marks, views, candidate_item, skills, effort, prior)
    )
    return learn_confusions(marks, views, skills, objects, prior)


def _with_oracle(skills: Skills, oracle: int | None) -> Skills:
    """The skills with those of somebody who marks all that there is, and nothing else."""
    if oracle is not None:
        skills.ability[oracle], skills.clutter[oracle] = ORACLE_ABILITY, SMALLEST
        skills.confusion[oracle] = one_coin(1 - SMALLEST, skills.confusion.shape[1])
    return skills


@dataclass(frozen=True)
class _Step:
    """What one E step gives: exists (C,), ghosts (N,), weight (P,) of each view, marked (P,) its expected chance, info (P,),
    visibility (C + N, G)."""

    exists: np.ndarray
    ghosts: np.ndarray
    weight: np.ndarray
    residual: np.ndarray
    info: np.ndarray
    visibility: np.ndarray


def _expect(
    marks: Marks, views: Views, candidate_item: np.ndarray, skills: Skills, effort: np.ndarray, prior: ObjectPrior
) -> _Step:
    logit = (skills.ability[views.worker] + effort[views.answer])[:, None] + skills.visibility_sd * GRID
    chance = sigmoid(logit)
    log_view = np.log(np.where(views.seen[:, None], chance, 1 - chance))
    log_grid = np.log(visibility_weights()) + _sum_by_candidate(views, log_view)
    top = log_grid.max(axis=1)
    visibility = np.exp(log_grid - top[:, None])
    total = visibility.sum(axis=1)
    visibility /= total[:, None]
    log_real = top + np.log(total)
    exists, ghosts = _exist_and_ghosts(marks, views, candidate_item, skills, log_real, prior)
    weight = np.concatenate([exists, ghosts])[views.candidate]
    posterior = visibility[views.candidate]
    expected = (chance * posterior).sum(axis=1)
    info = (chance * (1 - chance) * posterior).sum(axis=1)
    return _Step(exists, ghosts, weight, weight * (views.seen - expected), weight * info, visibility)


def _exist_and_ghosts(
    marks: Marks, views: Views, candidate_item: np.ndarray, skills: Skills, log_real: np.ndarray, prior: ObjectPrior
) -> tuple[np.ndarray, np.ndarray]:
    log_nobody = log_real[views.n_real :]
    found = -np.expm1(np.minimum(log_nobody, -SMALLEST))
    log_odds = np.log(skills.existence / (1 - skills.existence))
    log_odds = log_odds + log_real[: views.n_real] - np.log(found)[candidate_item] - _log_clutter(views, skills, prior)
    exists = sigmoid(log_odds)
    real = np.bincount(candidate_item, exists, minlength=marks.n_items)
    return exists, (1 - found) * (1 + real) / (1 / skills.objects_per_item + found)


def _log_clutter(views: Views, skills: Skills, prior: ObjectPrior) -> np.ndarray:
    """(C,) log chance of the marks of a clutter candidate, given that it is one."""
    rate = np.maximum(skills.clutter, SMALLEST)[views.worker]
    both = np.stack([np.where(views.seen, rate, 0.0), rate, views.seen, np.ones(len(rate))], axis=1)
    mine, all_rates, votes, looks = _sum_by_candidate(views, both)[: views.n_real].T
    return np.log(mine / all_rates) + (votes - 1) * np.log(prior.echo) + (looks - votes) * np.log1p(-prior.echo)


def _sum_by_candidate(views: Views, value: np.ndarray) -> np.ndarray:
    """(C + N, G) sums of (P, G) values; candidates without a look give 0."""
    padded = np.vstack([value, np.zeros((1, value.shape[1]))])
    total = np.add.reduceat(padded, views.start, axis=0)
    total[views.empty] = 0.0
    return total


def _newton(step: _Step, code: np.ndarray, value: np.ndarray, sd: float, centre: float = 0.0) -> np.ndarray:
    """(n,) one Newton step of logistic effects `value` with a N(centre, sd^2) prior."""
    slope = np.bincount(code, step.residual, minlength=len(value)) - (value - centre) / sd**2
    return slope / (np.bincount(code, step.info, minlength=len(value)) + 1 / sd**2)


def _maximise(marks: Marks, views: Views, skills: Skills, step: _Step, prior: ObjectPrior) -> Skills:
    ability = skills.ability + _newton(step, views.worker, skills.ability, prior.ability_sd, skills.crowd_ability)
    info = np.bincount(views.worker, step.info, minlength=marks.n_workers)
    trust = info / (info + prior.ability_sd**-2)
    if marks.oracle is not None:
        trust[marks.oracle] = 0.0  # she is no part of the crowd
    start = np.log(prior.recall / (1 - prior.recall))
    looked = np.bincount(marks.item, minlength=marks.n_items) > 0
    objects = np.concatenate([step.exists, step.ghosts * looked])
    spread = (objects @ (step.visibility @ GRID**2)) * skills.visibility_sd**2
    clutter, crowd_clutter = _clutter(marks, views, step, prior)
    return replace(
        skills,
        ability=ability,
        clutter=clutter,
        crowd_ability=float((start + trust @ ability) / (1 + trust.sum())),
        crowd_clutter=crowd_clutter,
        visibility_sd=float(
            np.sqrt((prior.strength * prior.visibility_sd**2 + spread) / (prior.strength + objects.sum()))
        ),
        existence=float((prior.strength * prior.existence + step.exists.sum()) / (prior.strength + views.n_real)),
        objects_per_item=float((1 + objects.sum()) / (1 + looked.sum())),
        looks=np.bincount(marks.worker, minlength=marks.n_workers).astype(float),
    )


def _clutter(marks: Marks, views: Views, step: _Step, prior: ObjectPrior) -> tuple[np.ndarray, float]:
    seen = views.seen
    false = np.bincount(views.worker[seen], 1 - step.weight[seen], minlength=marks.n_workers)
    looks = np.bincount(marks.worker, minlength=marks.n_workers)
    crowd = (prior.strength * prior.clutter_per_look + false.sum()) / (prior.strength + looks.sum())
    return (prior.strength * crowd + false) / (prior.strength + looks), float(crowd)


def _objects(marks: Marks, views: Views, candidate_item: np.ndarray, skills: Skills, step: _Step) -> Objects:
    votes = np.bincount(views.candidate[views.seen], minlength=views.n_real)
    worth = skills.precision[views.worker]
    found = np.bincount(views.candidate, worth * views.seen, minlength=views.n_real + marks.n_items)
    due = np.bincount(views.candidate, worth * skills.recall[views.worker], minlength=views.n_real + marks.n_items)
    share = np.minimum(found / np.maximum(due, SMALLEST), 1.0)[: views.n_real]
    exists = (step.exists + share) / 2
    return Objects(candidate_item, exists, label_posterior(views, skills), votes, step.ghosts)


def label_posterior(views: Views, skills: Skills) -> np.ndarray:
    """(C, K) posterior of each candidate's label, Dawid-Skene over the labels of its marks."""
    seen = views.seen
    log = np.tile(np.log(np.maximum(skills.labels, SMALLEST)), (views.n_real, 1))
    said = np.log(np.maximum(skills.confusion, SMALLEST))[views.worker[seen], :, views.label[seen]]
    np.add.at(log, views.candidate[seen], said)
    log -= log.max(axis=1, keepdims=True)
    posterior = np.exp(log)
    return posterior / posterior.sum(axis=1, keepdims=True)


def learn_confusions(
    marks: Marks, views: Views, skills: Skills, objects: Objects, prior: ObjectPrior, rounds: int = 30
) -> tuple[Skills, Objects]:
    """EM over the labels of the candidates, weighted by their existence; the skills and objects with what was learned."""
    for _ in range(rounds if marks.n_labels > 1 else 0):
        confusion, labels = _confusions(marks, views, objects, prior)
        skills = _with_oracle(replace(skills, confusion=confusion, labels=labels), marks.oracle)
        label = label_posterior(views, skills)
        moved = np.abs(label - objects.label).max(initial=0.0)
        objects = replace(objects, label=label)
        if moved < 1e-6:
            break
    return skills, objects


def _confusions(marks: Marks, views: Views, objects: Objects, prior: ObjectPrior) -> tuple[np.ndarray, np.ndarray]:
    seen, n_labels = views.seen, marks.n_labels
    weight = objects.label[views.candidate[seen]] * objects.exists[views.candidate[seen], None]
    count = np.zeros((marks.n_workers, n_labels, n_labels))
    np.add.at(count.swapaxes(1, 2), (views.worker[seen], views.label[seen]), weight)
    crowd = count.sum(axis=0) + prior.strength * one_coin(prior.label_accuracy, n_labels)
    crowd /= crowd.sum(axis=1, keepdims=True)
    own = count + prior.strength * crowd
    labels = objects.exists @ objects.label + 1.0
    return own / own.sum(axis=2, keepdims=True), labels / labels.sum()
