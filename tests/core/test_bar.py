"""What is called sure is a set: its mean keeps the target, and known items may only take away from it."""

import numpy as np
import pytest

from consensus.core.answers.bar import NOTHING_SURE, Known, bar_of
from consensus.core.answers.stopping import Rule
from consensus.core.labels.skills import learn_skills
from tests.core.test_softening import crowd, known

RULE = Rule(0.05, 3, 5)


def paths(n: int, wrong: int, error: float = 0.04) -> Known:
    """n known items that end at this error, so many of them wrong."""
    return Known(np.full((n, 3), error), np.repeat(np.arange(n) < wrong, 3).reshape(n, 3), np.arange(n))


def test_the_easy_pay_for_the_hard_up_to_the_target():
    errors = np.array([0.01] * 6 + [0.12, 0.14, 0.30])
    found = bar_of(errors, RULE, paths(200, 6))
    assert found.error == 0.14
    assert found.expected == pytest.approx(errors[:8].mean())  # .04
    assert bar_of([], RULE).error == RULE.target_error


def test_who_knows_little_keeps_a_margin():
    errors = np.linspace(0.0, 0.3, 61)
    blind, checked = bar_of(errors, RULE), bar_of(errors, RULE, paths(200, 6))
    assert blind.error < checked.error
    assert 0.03 < blind.expected < 0.045 < checked.expected <= 0.05
    assert 0.03 < bar_of([0.2, 0.3], RULE).error < 0.05  # nothing is sure yet; what is surer than all of these will be


def test_known_items_take_away_and_never_give():
    errors = np.linspace(0.0, 0.3, 61)
    most = bar_of(errors, RULE, paths(200, 0)).error
    assert (
        errors[errors <= most].mean() <= 0.05 < errors[errors <= most + 0.006].mean()
    )  # none wrong: the stated mean still holds
    assert bar_of(errors, RULE, paths(100, 20)).error < 0.04  # those that end at .04 are wrong too often
    assert bar_of(errors, RULE, paths(100, 20, error=0.0)) == NOTHING_SURE


def test_known_items_that_are_right_make_nothing_surer_than_is_stated():
    said = bar_of([0.046] * 60, RULE, paths(12, 0))  # the twelve have raised what is stated; they do not count again
    assert said.error < 0.046
    assert bar_of([0.046] * 60, RULE, paths(60, 0)).error >= 0.046


def test_an_item_with_many_votes_is_one_item():
    many = Known(np.full((40, 3), 0.04), np.ones((40, 3), dtype=bool), np.repeat([0, 1], 20))
    assert many.weights.sum() == pytest.approx(2)
    again = Known.from_json(many.to_json())
    assert (again.errors == many.errors).all()
    assert (again.wrong == many.wrong).all()


def test_a_path_ends_within_its_bounds():
    one = Known(np.array([[0.01, 0.01, 0.2, 0.03, 0.01]]), np.array([[0, 0, 0, 1, 0]], dtype=bool), np.array([7]))
    assert one.stopped(0.04, RULE)[1].tolist() == [True]  # not before the third, and then at the first that is sure
    assert one.stopped(0.02, RULE)[1].tolist() == [False]
    assert not len(one.stopped(0.02, Rule(0.05, 3, 4))[0])


def test_of_a_known_item_is_said_what_the_other_items_show():
    votes, truth = crowd(n_items=300, n_labels=2, per_worker=60, per_item=5)
    gold = known(truth, 0.04)
    item = next(i for i in np.flatnonzero(gold >= 0) if (votes.answer_codes[votes.item_codes == i] == truth[i]).all())
    wrong = np.where(np.arange(len(gold)) == item, 1 - gold, gold)

    def said(gold: np.ndarray) -> float:
        found = learn_skills(votes, gold=gold).known
        return float(np.nanmin(found.errors[found.items == item]))

    # As sure as it looks, though all are wrong on it; with its own truth in it, 3 times as unsure.
    assert said(wrong) < 1.2 * said(gold)


def test_what_the_known_items_would_have_been_is_learned_with_the_skills():
    votes, truth = crowd(per_worker=60, per_item=5, shared=0.25)
    gold = known(truth, 0.2)
    found = learn_skills(votes, gold=gold).known
    assert found.weights.sum() == pytest.approx((gold >= 0).sum())
    rows, wrong = found.stopped(1.0, Rule(0.05, 5, 5))
    seen_wrong = 0.25
    assert found.weights[rows][wrong].sum() / found.weights[rows].sum() == pytest.approx(seen_wrong, abs=0.12)
    assert learn_skills(votes).known is None
