"""May a model stand in for a person, and has it changed? Beside SciPy's t-test, and on planted changes."""

import numpy as np
import pytest
from scipy.stats import ttest_1samp

from consensus.core.guarantees.alternative import MIN_ITEMS, alternative_annotator, rejected
from consensus.core.guarantees.change import audits_until_found, watch


def equal(_item, a, b):
    return float(a == b)


def crowd(n_items, skills, seed=0):
    """{person: {item: answer}} of people who are right with these chances, and the truth."""
    rng = np.random.default_rng(seed)
    truth = rng.integers(3, size=n_items)

    def said(skill):
        return {
            i: int(truth[i]) if rng.random() < skill else int((truth[i] + rng.integers(1, 3)) % 3)
            for i in range(n_items)
        }

    return {f"w{n}": said(skill) for n, skill in enumerate(skills)}, said


def test_a_model_as_good_as_people_may_stand_in_and_a_worse_one_may_not():
    people, said = crowd(100, [0.8] * 4)
    good, bad = alternative_annotator(said(0.9), people, equal), alternative_annotator(said(0.5), people, equal)
    assert (good.passed, good.winning_rate) == (True, 1.0)
    assert (bad.passed, bad.winning_rate) == (False, 0.0)
    assert good.advantage > 0.8 > bad.advantage


def test_each_p_value_is_that_of_the_papers_own_test():
    """Left out by hand, indicators by hand, scipy.stats.ttest_1samp as the authors' code calls it."""
    people, said = crowd(60, [0.7, 0.8, 0.9], seed=3)
    model = said(0.75)
    found = alternative_annotator(model, people, equal, epsilon=0.15)
    for person, p_value in zip(found.people, found.p_values, strict=True):
        gaps = []
        for item, hers in people[person].items():
            others = [people[one][item] for one in people if one != person]
            score = {
                "h": np.mean([hers == one for one in others]),
                "m": np.mean([model[item] == one for one in others]),
            }
            gaps.append(int(score["h"] >= score["m"]) - int(score["m"] >= score["h"]))
        assert p_value == pytest.approx(ttest_1samp(gaps, 0.15, alternative="less").pvalue, abs=1e-12)


def test_too_few_people_or_items_are_no_test():
    people, said = crowd(MIN_ITEMS - 1, [0.9] * 3)
    assert not alternative_annotator(said(1.0), people, equal).was_held
    people, said = crowd(MIN_ITEMS, [0.9])
    assert not alternative_annotator(said(1.0), people, equal).was_held
    nobody = alternative_annotator({}, {}, equal)
    assert (nobody.passed, nobody.advantage, nobody.people) == (False, None, [])
    with pytest.raises(ValueError, match="epsilon must lie between 0 and 1"):
        alternative_annotator({}, {}, equal, epsilon=1.5)


def test_many_tests_are_corrected():
    """Thresholds of Benjamini and Yekutieli for three tests at .05: .0091, .0182, .0273."""
    assert rejected([0.001, 0.018, 0.027]) == [True, True, True]
    assert rejected([0.010, 0.019, 0.028]) == [False, False, False]
    assert rejected([0.5, 0.009, 0.02]) == [False, True, False]
    assert rejected([]) == []


def test_an_unchanged_model_rarely_alarms_and_a_changed_one_is_found_in_the_stated_number():
    usual, changed, n = 0.1, 0.4, 400
    stated = audits_until_found(usual, changed)
    rng, delays = np.random.default_rng(0), []
    for _ in range(60):
        before = watch(rng.random(n) < usual, usual)
        assert before.n == n
        found = watch(np.concatenate([rng.random(50) < usual / 2, rng.random(n) < changed]), usual)
        assert found.alarm_at is not None
        delays.append(found.alarm_at - 50)
    assert np.mean(delays) <= stated < 60
    # Control: an alarm that is sounded at a hundredth of the line sounds without any change.
    quiet = [watch(rng.random(n) < usual, usual).alarm_at is None for _ in range(60)]
    noisy = [watch(rng.random(n) < usual, usual, 10).alarm_at is None for _ in range(60)]
    assert np.mean(quiet) > 0.65 > np.mean(noisy)  # on average 1,000 audits: in 400 at most 40 % of them


def test_it_says_about_when():
    wrong = np.concatenate([np.zeros(80), np.ones(12)])
    found = watch(wrong, 0.1)
    assert found.since == 80
    assert 80 < found.alarm_at <= 92
    assert audits_until_found(0.1, 0.05) == float("inf")
    with pytest.raises(ValueError, match="usual must lie between 0 and 1"):
        watch(wrong, 0.0)
    assert watch(np.zeros(0), 0.1).alarm_at is None
