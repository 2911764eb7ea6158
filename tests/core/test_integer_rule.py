import json
import math
from pathlib import Path

import numpy as np
import pytest

from consensus.core import Votes, auto, decide, learn_skills, majority_vote, publish_prior, publish_tables
from consensus.core.labels.em import tables_by_answer
from consensus.core.labels.integer_rule import EXP_BITS, exp_units
from consensus.core.labels.softening import Softening

VECTORS = json.loads((Path(__file__).parent / "vectors" / "integer_rule.json").read_text())


def exp_by_hand(d: int) -> int:
    if d >= 2**15:
        return 0
    x = 2**26
    for j in range(15):
        if d >> j & 1:
            x = x * VECTORS["exp_bits"][j] // 2**26
    return x


def rule_by_hand(prior, tables, votes, softening):
    """The rule of integer_rule.py in plain Python, row by row, as a reader would write it."""
    score = list(prior)
    for worker, answer in votes:
        score = [s + t for s, t in zip(score, tables[worker][answer], strict=True)]
    best, worth = max(score), 1024 + softening["correlation"] * max(len(votes) - 1, 0)
    soft = 10**6 * 2**26 // sum(exp_by_hand(softening["power"] * (best - s) // worth) for s in score)
    shared = softening["shared_ppm"]
    sure = ((10**6 - shared) * soft + 10**6 * shared // len(score)) // 10**6
    return score, score.index(best), min(sure, 999_999)


@pytest.mark.parametrize("case", VECTORS["cases"], ids=lambda case: case["name"])
def test_golden_vectors_follow_the_written_rule(case):
    votes = case["votes"]
    for order in (votes, votes[::-1]):
        found = rule_by_hand(case["prior"], case["tables"], order, case["softening"])
        assert found == (case["score"], case["decision"], case["confidence_ppm"])
    codes = [np.zeros(len(votes), int), *(np.array([v[i] for v in votes], dtype=int) for i in (0, 1))]
    table = Votes.from_codes(*codes, 1, len(case["tables"]), len(case["prior"]))
    decided = decide(table, np.array(case["tables"]), np.array(case["prior"]), Softening(**case["softening"]))
    assert decided.scores[0].tolist() == case["score"]
    assert decided.labels[0] == case["decision"]
    assert decided.confidence_ppm[0] == case["confidence_ppm"]


def test_exp_units_is_exp_and_stays_below_2_to_53():
    assert list(EXP_BITS) == VECTORS["exp_bits"]
    for row in VECTORS["exp"]:
        assert exp_by_hand(row["d"]) == row["E"] == int(exp_units(np.array(row["d"])))
    gaps = np.arange(20000)
    assert np.abs(exp_units(gaps) / 2**26 - np.exp(-gaps / 1024)).max() < 15 / 2**26
    assert max(EXP_BITS) * 2**26 < 2**53


def synthetic(n_items=3000, n_workers=60, n_labels=4, seed=0):
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, n_labels, n_items)
    skill = rng.beta(6, 3, n_workers)
    items = np.repeat(np.arange(n_items), 5)
    workers = rng.integers(0, n_workers, len(items))
    wrong = (truth[items] + rng.integers(1, n_labels, len(items))) % n_labels
    answers = np.where(rng.random(len(items)) < skill[workers], truth[items], wrong)
    return Votes.from_codes(items, workers, answers, n_items, n_workers, n_labels), truth


def test_integers_decide_like_the_float_sum_and_like_the_default():
    votes, truth = synthetic()
    skills = learn_skills(votes)
    decided = decide(votes, publish_tables(skills.confusion), publish_prior(skills.prior), skills.softening)
    floats = votes.by_item @ tables_by_answer(np.log(skills.confusion)) + np.log(skills.prior)
    assert (decided.labels != floats.argmax(axis=1)).mean() < 0.001
    assert (decided.labels != auto(votes).labels).mean() < 0.02
    said = skills.softening.posteriors(floats, votes.votes_per_item).max(axis=1)
    assert np.abs(decided.confidence_ppm / 1e6 - said).max() < 0.005
    assert (decided.labels == truth).mean() > (majority_vote(votes).labels == truth).mean() + 0.02


def test_tables_are_rounded_logs_with_the_answer_before_the_truth():
    tables = publish_tables(np.array([[[0.9, 0.1], [0.3, 0.7]]]))
    assert tables.dtype == np.int32
    assert tables[0, 1].tolist() == [round(1024 * math.log(0.1)), round(1024 * math.log(0.7))]
    assert publish_tables(np.array([[[1.0, 0.0], [0.0, 1.0]]])).min() == -16 * 1024


@pytest.mark.parametrize(
    ("tables", "prior", "sentence"),
    [
        (np.zeros((1, 2, 2)), np.zeros(2, int), r"tables must be integers in the shape \(1, 2, 2\)"),
        (np.zeros((1, 2, 3), int), np.zeros(2, int), "tables must be integers"),
        (np.zeros((1, 2, 2), int), np.zeros(3, int), "prior must be 2 integers"),
    ],
)
def test_tables_that_do_not_fit_are_refused(tables, prior, sentence):
    votes = Votes.from_rows(["a"], ["w"], [0], labels=[0, 1])
    with pytest.raises(ValueError, match=sentence):
        decide(votes, tables, prior)
    with pytest.raises(ValueError, match="probabilities"):
        publish_tables(np.full((1, 2, 2), 1.5))
