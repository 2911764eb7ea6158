"""A confidence is a frequency, learned from the project itself: from votes that were held out, and from its known items."""

import numpy as np
import pytest

from consensus.core import Votes, decide, learn_skills, publish_prior, publish_tables
from consensus.core.labels import held_out
from consensus.core.labels.softening import PRIOR_ERROR, Softening, learn_softening, unlearned

YESTERDAY = Softening(power=853, correlation=171, shared_ppm=0)  # floor(5 gap / (5 + n)), to a thousandth


def crowd(n_items=600, n_labels=4, per_item=4, per_worker=4, shared=0.0, liars=0.0, seed=0):
    """(votes, truth): workers right 55 to 95 % of the time, liars as seldom; on a share of the items all see another truth."""
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, n_labels, n_items)
    seen = np.where(rng.random(n_items) < shared, (truth + 1) % n_labels, truth)
    n_workers = n_items * per_item // per_worker
    skill = rng.uniform(0.55, 0.95, n_workers)
    skill = np.where(np.arange(n_workers) < liars * n_workers, 1 - skill, skill)
    items = np.repeat(np.arange(n_items), per_item)
    workers = rng.permutation(np.arange(len(items)) % n_workers)
    wrong = (seen[items] + rng.integers(1, n_labels, len(items))) % n_labels
    answers = np.where(rng.random(len(items)) < skill[workers], seen[items], wrong)
    return Votes.from_codes(items, workers, answers, n_items, n_workers, n_labels), truth


def known(truth, share, seed=1):
    gold = np.full(len(truth), -1)
    some = np.random.default_rng(seed).permutation(len(truth))[: int(share * len(truth))]
    gold[some] = truth[some]
    return gold


def decided(votes, gold=None, softening=None):
    skills = learn_skills(votes, gold=gold)
    tables, prior = publish_tables(skills.confusion), publish_prior(skills.prior)
    return decide(votes, tables, prior, softening or skills.softening), skills.softening


def said_and_right(found, truth, where=True):
    which = np.broadcast_to(where, truth.shape)
    return found.confidence_ppm[which].mean() / 1e6, (found.labels == truth)[which].mean()


def test_few_answers_a_worker_do_not_vouch_for_themselves():
    votes, truth = crowd(n_labels=2, per_worker=2)
    said, right = said_and_right(decided(votes)[0], truth)
    assert right - 0.06 < said < right + 0.05
    said, _ = said_and_right(decided(votes, softening=YESTERDAY)[0], truth)
    assert said > right + 0.06  # the control: what the rule said before


def test_an_independent_crowd_that_is_well_known_may_be_sure():
    votes, truth = crowd(per_worker=60, per_item=5)
    found, _ = decided(votes)
    sure = found.confidence_ppm >= 950_000
    said, right = said_and_right(found, truth, sure)
    assert sure.mean() > 0.3
    assert said <= right + 0.005


def test_what_all_see_wrong_only_known_items_show():
    votes, truth = crowd(per_worker=60, per_item=5, shared=0.25)
    gold = known(truth, 0.08)
    blind, right = said_and_right(decided(votes)[0], truth)
    assert blind > right + 0.1
    found, learned = decided(votes, gold)
    said, right = said_and_right(found, truth, gold < 0)
    assert abs(said - right) < 0.05
    assert not (found.confidence_ppm[gold < 0] >= 950_000).any()
    assert learned.n_gold == 48 > learned.n_right


@pytest.mark.parametrize("n_labels", [2, 4])
def test_most_lie_and_one_item_in_twenty_is_known(n_labels):
    votes, truth = crowd(n_labels=n_labels, per_worker=60, per_item=8, liars=0.6)
    gold = known(truth, 0.05)
    found, learned = decided(votes, gold)
    said, right = said_and_right(found, truth, gold < 0)
    assert right > 0.8
    assert said < right + 0.05
    assert learned.stated


def test_no_better_than_chance_on_known_items_no_confidence():
    votes, truth = crowd(per_worker=60)
    skills, gold = learn_skills(votes), known((truth + 1) % 4, 0.05)  # the answers to another project's items
    labels = np.where(gold >= 0, gold, skills.posteriors.argmax(axis=1))
    learned, _ = learn_softening(votes, labels, skills.confusion, skills.prior, gold)
    assert (learned.n_gold, learned.stated) == (30, False)
    assert learned.n_right < 8
    assert not decided(votes, softening=learned)[0].confidence_ppm.any()


def test_a_project_of_which_nothing_is_known_says_what_the_prior_says():
    votes, _ = crowd(n_items=30, per_item=1, per_worker=1)
    learned = decided(votes)[1]
    before = unlearned(4)
    assert (learned.n_gold, learned.stated) == (0, True)
    assert before.shared_ppm == round(1e6 * PRIOR_ERROR * 4 / 3)
    assert learned.shared_ppm == before.shared_ppm
    ten = crowd(n_items=2, per_item=3, per_worker=1)[0]
    assert decided(ten)[0].confidence_ppm.max() < 950_000


def test_of_many_votes_a_part_is_enough(monkeypatch):
    votes, truth = crowd(n_items=900, per_item=5, per_worker=60)
    whole = said_and_right(decided(votes)[0], truth)
    monkeypatch.setattr(held_out, "MAX_CELLS", votes.n_votes * 16 // 3)
    part = said_and_right(decided(votes)[0], truth)
    assert -0.02 < whole[0] - part[0] < 0.06  # less is known, so it is a little less sure


@pytest.mark.parametrize(("n_known", "is_surer"), [(5, False), (30, True)])
def test_too_few_known_items_that_are_right_make_nothing_surer(n_known, is_surer):
    votes, truth = crowd(n_items=300, n_labels=2, per_worker=60, per_item=5)
    gold = np.full(len(truth), -1)
    usual = unlearned(2).shared_ppm
    right = np.flatnonzero(decided(votes)[0].labels == truth)[:n_known]
    gold[right] = truth[right]
    assert (decided(votes, gold)[1].shared_ppm < usual) is is_surer
    gold[right] = 1 - truth[right]
    assert decided(votes, gold)[1].shared_ppm > usual
