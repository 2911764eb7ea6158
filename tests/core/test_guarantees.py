"""Bounds that hold whenever somebody looks, and a promise on labels that rests on them."""

import numpy as np
import pytest

from consensus.core.guarantees.betting import is_below, lower_bound, refuted_at, upper_bound
from consensus.core.guarantees.estimate import estimate, spread_weights
from consensus.core.guarantees.warranty import Promise, draws, standing, to_judge, weights_of


def test_bounds_are_near_those_of_a_single_look_and_above_them():
    seen = np.arange(300) < 8
    assert 0.0475 < upper_bound(seen, 0.05) < 0.0475 * 1.35  # Clopper-Pearson, one-sided, says .0475 for one look only
    assert upper_bound(np.zeros(60), 0.05) < 0.075
    assert lower_bound(1 - seen, 0.05) == pytest.approx(1 - upper_bound(seen, 0.05))
    assert upper_bound([], 0.05) == 1.0
    assert upper_bound([2.0, 0.0] * 200, 0.05, most=4.0) == pytest.approx(4 * upper_bound([0.5, 0.0] * 200, 0.05))


@pytest.mark.parametrize("mean", [0.02, 0.1, 0.5])
def test_who_looks_after_every_draw_is_wrong_as_seldom_as_stated(mean):
    rng, n = np.random.default_rng(3), 400
    found = [refuted_at(rng.random(300) < mean, mean, 0.05) for _ in range(n)]
    assert sum(one is not None for one in found) <= 0.05 * n + 3 * np.sqrt(0.05 * 0.95 * n)
    short = [refuted_at(rng.random(300) < mean, mean / 0.6, 0.05) for _ in range(n)]
    assert sum(one is not None for one in short) > 0.1 * n  # the control: a bound that is too small is found out


def test_the_three_ways_to_ask_say_the_same():
    rng = np.random.default_rng(5)
    values = 1.7 * (rng.random(200) < 0.05)
    bound = upper_bound(values, 0.1, most=2.0)
    assert is_below(values, bound + 1e-6, 0.1, most=2.0)
    assert not is_below(values, bound - 1e-6, 0.1, most=2.0)
    assert refuted_at(values, bound + 1e-6, 0.1, most=2.0) <= 200


def crowd(n=2000, seed=0):
    rng = np.random.default_rng(seed)
    confidence = np.rint(1e6 * rng.beta(8, 1, n)).astype(int)
    return confidence, rng.random(n) > confidence / 1e6


def test_the_sample_is_the_same_for_everybody_and_sees_the_doubtful_more_often():
    confidence, _ = crowd()
    drawn = draws("a hash", weights_of(confidence), 3000)
    assert drawn == draws("a hash", weights_of(confidence), 3000)
    assert drawn[:50] != draws("another", weights_of(confidence), 50)
    share = np.bincount(drawn, minlength=2000) / 3000
    wanted = weights_of(confidence) / weights_of(confidence).sum()
    half = np.argsort(confidence)[:1000]
    assert share[half].sum() == pytest.approx(wanted[half].sum(), abs=0.03)
    assert wanted[half].sum() > 0.6
    assert wanted.min() >= 0.5 / 2000  # nothing counts more than twice


def test_the_surest_labels_stand_and_the_rest_is_judged():
    confidence, wrong = crowd()
    drawn = draws("x", weights_of(confidence), 600)
    found = standing(confidence, drawn, wrong[drawn], Promise(0.05))
    stand = confidence >= found.confidence_ppm
    assert (found.n_labels, found.n_wrong) == (stand.sum(), (wrong & stand)[drawn].sum())
    assert 0.3 < stand.mean() < 1
    assert (wrong & stand).mean() <= found.bound <= 0.05
    assert to_judge(confidence, drawn, found.confidence_ppm) >= 2000 - found.n_labels
    lax = standing(confidence, drawn, wrong[drawn], Promise(0.2))
    assert lax.n_labels == 2000
    erring = standing(confidence, drawn, wrong[drawn], Promise(0.05, reference_error=0.02))
    assert erring.n_labels < found.n_labels  # what the reference gets wrong takes its part of the promise
    nothing = standing(confidence, drawn[:5], wrong[drawn[:5]], Promise(0.05))
    assert (nothing.n_labels, nothing.confidence_ppm) == (0, 1_000_001)


def test_a_promise_below_the_reference_s_own_error_is_none():
    with pytest.raises(ValueError, match="reference_error"):
        Promise(0.02, reference_error=0.03)
    with pytest.raises(ValueError, match="alpha"):
        upper_bound([0], 1.5)
    with pytest.raises(ValueError, match="values"):
        upper_bound([3], 0.05)


def population(n=3000, seed=0, bias=0.0):
    rng = np.random.default_rng(seed)
    predicted = np.clip(rng.beta(0.5, 0.5, n) + bias, 0, 1)
    return predicted, (rng.random(n) < np.clip(predicted - bias, 0, 1)).astype(float)


def test_a_good_prediction_saves_and_a_bad_one_does_no_harm():
    widths = {}
    for name, bias, known in (("good", 0.0, True), ("bad", 0.3, True), ("none", 0.0, False)):
        predicted, truth = population(bias=bias)
        predicted = predicted if known else np.full(len(truth), 0.5)
        chances = spread_weights(predicted)
        drawn = np.random.default_rng(2).choice(len(truth), 800, p=chances)
        found = estimate(predicted, chances, drawn, truth[drawn])
        assert found.low <= truth.mean() <= found.high
        widths[name] = found.half_width
    assert widths["good"] < 0.75 * widths["none"]
    assert widths["good"] < widths["bad"]


def test_who_stops_when_the_interval_is_narrow_is_wrong_as_seldom_as_stated():
    predicted, truth = population()
    chances, rng, missed = spread_weights(predicted), np.random.default_rng(4), 0
    for _ in range(100):
        drawn = rng.choice(len(truth), 600, p=chances)
        looks = (estimate(predicted, chances, drawn[:n], truth[drawn[:n]]) for n in range(100, 601, 100))
        found = next((one for one in looks if one.half_width < 0.06), None)
        missed += found is not None and not found.low <= truth.mean() <= found.high
    assert missed <= 10


def test_an_estimate_says_nothing_before_it_has_seen_anything_and_refuses_what_lies_outside():
    predicted = np.array([0.2, 0.4])
    empty = estimate(predicted, np.full(2, 0.5), [], [])
    assert (empty.low, empty.high, empty.n) == (0.0, 1.0, 0)
    assert empty.value == pytest.approx(0.3)
    grades = estimate(np.array([3.0, 4.0]), np.full(2, 0.5), [0, 1] * 200, [3.0, 4.0] * 200, range_=(1, 5))
    assert grades.low < grades.value == 3.5 < grades.high
    with pytest.raises(ValueError, match="seen"):
        estimate(predicted, np.full(2, 0.5), [0], [2.0])
