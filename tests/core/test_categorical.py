"""The models one by one: against crowd-kit, against gold and history, and on crowds made for the purpose."""

import json
from pathlib import Path

import numpy as np
import pytest

from consensus.core import Votes, auto, dawid_skene, item_types, learn_skills, majority_vote, one_coin
from consensus.core.labels.ensemble import pool
from consensus.core.labels.majority import tied_items
from consensus.core.labels.result import soften
from consensus.core.metrics.measures import calibration_error, expected_accuracy, log_loss
from tests.core.crowds import coins, crowd

CROWDKIT = json.loads((Path(__file__).parent / "vectors" / "crowdkit_dawid_skene.json").read_text())


def accuracy(result, truth):
    return (result.labels == truth).mean()


def test_dawid_skene_gives_crowd_kits_posteriors():
    votes = Votes.from_rows(*zip(*CROWDKIT["rows"], strict=True))
    result = dawid_skene(votes)
    np.testing.assert_allclose(result.posteriors, CROWDKIT["posteriors"], atol=1e-9)
    assert result.n_iter == CROWDKIT["n_iter"]


def test_ties_are_reported_by_their_expectation():
    votes = Votes.from_rows(["a", "a", "b"], ["u", "v", "u"], [0, 1, 1], labels=[0, 1])
    assert tied_items(votes).tolist() == [True, False]
    assert expected_accuracy(majority_vote(votes).posteriors, np.array([1, 1])) == 0.75


def test_measures_by_hand():
    posteriors, truth = np.array([[0.9, 0.1], [0.4, 0.6], [0.5, 0.5]]), np.array([0, 0, -1])
    assert expected_accuracy(posteriors, truth) == 0.5
    assert log_loss(posteriors, truth) == pytest.approx(-(np.log(0.9) + np.log(0.4)) / 2)
    assert calibration_error(posteriors, truth) == pytest.approx((0.1 + 0.6) / 2)


def test_systematic_confusions_are_undone():
    swapped = np.array([[[0.9, 0.1], [0.6, 0.4]]] * 6 + [[[0.95, 0.05], [0.1, 0.9]]] * 3)
    votes, truth = crowd(swapped, per_item=7)
    assert accuracy(auto(votes), truth) > accuracy(majority_vote(votes), truth) + 0.1


def test_exchangeable_labels_choose_the_coin():
    votes, truth = crowd(coins(np.linspace(0.35, 0.95, 60), 8), n_items=1500, per_item=4)
    assert accuracy(auto(votes), truth) > accuracy(dawid_skene(votes), truth)
    assert abs(accuracy(auto(votes), truth) - accuracy(one_coin(votes), truth)) < 0.01


def test_few_votes_a_worker_do_no_harm():
    votes, truth = crowd(coins(np.full(300, 0.75), 4), n_items=300, per_item=3)
    assert accuracy(auto(votes), truth) > expected_accuracy(majority_vote(votes).posteriors, truth) - 0.02


def test_confidence_is_calibrated_where_plain_dawid_skene_is_not():
    votes, truth = crowd(coins(np.linspace(0.55, 0.95, 40), 3), n_items=1000, per_item=8, hard=0.12)
    assert calibration_error(auto(votes).posteriors, truth) < 0.08
    assert log_loss(auto(votes).posteriors, truth) < log_loss(majority_vote(votes).posteriors, truth)
    assert log_loss(dawid_skene(votes).posteriors, truth) > log_loss(auto(votes).posteriors, truth)


def test_one_label_clickers_get_no_say():
    good, clickers = coins(np.full(5, 0.85), 3), np.tile([0.02, 0.96, 0.02], (7, 3, 1))
    votes, truth = crowd(np.concatenate([good, clickers]), per_item=6)
    result = auto(votes)
    assert accuracy(result, truth) > accuracy(majority_vote(votes), truth) + 0.1
    assert result.skills[:5].min() > result.skills[5:].max()


@pytest.mark.parametrize("method", [dawid_skene, one_coin, item_types, auto])
def test_gold_is_clamped_and_teaches(method):
    votes, truth = crowd(coins([0.9, 0.85, 0.2, 0.2, 0.2], 2), n_items=150, per_item=5)
    gold = np.where(np.arange(150) < 75, truth, -1)
    result = method(votes, gold=gold)
    assert (result.labels[:75] == truth[:75]).all()
    np.testing.assert_allclose(result.posteriors[np.arange(75), truth[:75]], 1, atol=1e-9)
    assert (result.labels[75:] == truth[75:]).mean() > 0.85
    assert (method(votes).labels[75:] == truth[75:]).mean() < 0.5


def test_gold_that_does_not_fit_is_refused():
    votes, _ = crowd(coins([0.9] * 5, 2), n_items=10)
    for gold in (np.zeros(9, int), np.full(10, 2), np.zeros(10)):
        with pytest.raises(ValueError, match=r"gold must be 10 label codes between -1 \(unknown\) and 1"):
            auto(votes, gold=gold)


def test_history_and_warm_start_reach_the_same_place_sooner():
    votes, _ = crowd(coins([0.9, 0.85, 0.8, 0.75, 0.6, 0.55], 3))
    cold = learn_skills(votes)
    warm = learn_skills(votes, warm_start=cold)
    assert warm.n_iter <= cold.n_iter
    assert np.abs(warm.accuracy - cold.accuracy).max() < 0.02
    history = np.zeros((6, 3, 3))
    history[5] = np.eye(3) * 200
    assert learn_skills(votes, history=history).accuracy[5] > 0.8 > cold.accuracy[5]


def test_a_stranger_gets_the_crowds_matrix():
    votes, _ = crowd(coins([0.9, 0.8, 0.7, 0.6, 0.5], 3))
    skills = learn_skills(votes)
    assert np.array_equal(skills.confusion_for([2, "new"])[1], skills.pooled)
    assert np.array_equal(skills.confusion_for([2, "new"])[0], skills.confusion[2])
    np.testing.assert_allclose(skills.confusion.sum(axis=2), 1)
    assert abs(np.diag(skills.pooled).mean() - 0.7) < 0.05


def test_arguments_of_other_votes_are_refused():
    votes, _ = crowd(coins([0.9] * 5, 3))
    other, _ = crowd(coins([0.9] * 5, 2))
    with pytest.raises(ValueError, match="warm_start has other labels"):
        learn_skills(votes, warm_start=learn_skills(other))
    with pytest.raises(ValueError, match=r"history must hold finite counts of at least 0 in the shape \(5, 3, 3\)"):
        learn_skills(votes, history=np.zeros((5, 2, 2)))


def test_very_many_labels_fall_back_to_one_coin():
    rng = np.random.default_rng(2)
    truth = rng.integers(0, 3000, 500)
    items, workers = np.repeat(np.arange(500), 3), np.tile(np.arange(30), 50)
    answers = np.where(rng.random(1500) < 0.8, truth[items], rng.integers(0, 3000, 1500))
    votes = Votes.from_codes(items, workers, answers, 500, 30, 3000)
    result = auto(votes)
    assert result.confusion is None
    assert (result.labels == result.posteriors.argmax(axis=1)).all()
    assert accuracy(result, truth) > 0.9
    with pytest.raises(ValueError, match="use one_coin or majority_vote"):
        dawid_skene(votes)


def test_softening_keeps_the_order_and_lowers_the_top():
    softened = soften(np.array([[0.7, 0.2, 0.1]]), np.array([0.5]))
    assert softened.argsort().tolist() == [[2, 1, 0]]
    assert 1 / 3 < softened.max() < 0.7


def clicked(n_items, per_item, hard, seed):
    """Twelve workers of growing skill and eight who click, two labels, some items hard."""
    return crowd(
        coins(np.r_[np.linspace(0.55, 0.95, 12), np.full(8, 0.5)], 2), n_items, per_item, seed=seed, hard=hard
    )[0]


def fits_and_two_starts(votes):
    coin, simple = one_coin(votes, 200, 1e-3, anchor=0.5), item_types(votes, 1)
    first = item_types(votes, 3)
    again = item_types(votes, 3, start=simple.posteriors, attentive=np.ones(votes.n_workers))
    return [coin, simple], first, again


def pooled(votes, fits):
    return pool(votes, [fit.posteriors for fit in fits], [fit.log_likelihood for fit in fits])


def test_of_two_starts_of_a_model_the_better_bound_counts():
    votes = clicked(200, 7, 0.3, seed=0)
    simpler, first, again = fits_and_two_starts(votes)
    assert again.log_likelihood > first.log_likelihood
    found = auto(votes).posteriors
    np.testing.assert_allclose(found, pooled(votes, [*simpler, again]), atol=1e-12)
    assert np.abs(found - pooled(votes, [*simpler, first])).max() > 1e-4


def test_a_bound_that_is_hardly_better_does_not_count():
    votes = clicked(120, 7, 0.3, seed=2)
    simpler, first, again = fits_and_two_starts(votes)
    assert 0 < again.log_likelihood - first.log_likelihood < 1e-3
    found = auto(votes).posteriors
    np.testing.assert_allclose(found, pooled(votes, [*simpler, first]), atol=1e-12)
    assert np.abs(found - pooled(votes, [*simpler, again])).max() > 1e-3


def test_a_model_that_weighs_next_to_nothing_is_not_tried_again():
    votes = clicked(200, 7, 0.3, seed=2)
    simpler, first, again = fits_and_two_starts(votes)
    assert again.log_likelihood > first.log_likelihood
    np.testing.assert_allclose(auto(votes).posteriors, pooled(votes, [*simpler, first]), atol=1e-12)
