"""The figures stated for recorded crowds of pairs, numbers and grades, where those data lie next to the repository."""

from pathlib import Path

import numpy as np
import pytest

from benchmarks import crowd_sets
from benchmarks import other_answers_sets as sets
from consensus.core import Comparisons, Numbers, crowd_bradley_terry, grade, majority_vote, merge_numbers

DATA = Path(__file__).resolve().parents[3] / "shared" / "data" / "crowd"
pytestmark = pytest.mark.skipif(not DATA.exists(), reason=f"needs the recorded crowds in {DATA.name}, not part of it")


def test_music_is_put_in_order():
    crowd = sets.music(DATA)
    workers, left, right, outcomes = zip(*crowd.rows, strict=True)
    table = Comparisons.from_rows(left, right, workers, outcomes, [crowd.query[item] for item in left])
    scores = dict(zip((item for _, item in table.item_ids.tolist()), crowd_bradley_terry(table).scores, strict=True))
    assert len(crowd.better) == 651
    assert np.mean([scores[a] > scores[b] for a, b in crowd.better]) >= 0.91


def test_airways_are_measured():
    crowd = sets.recorded_numbers("crowdairway", DATA)
    table = Numbers.from_rows(crowd.item, crowd.worker, crowd.value)
    assert np.abs(merge_numbers(table).values - crowd.truth).mean() <= 3.5
    gold = np.where(np.arange(len(crowd.truth)) % 33 == 0, crowd.truth, np.nan)
    found, rest = merge_numbers(table, gold=gold), np.isnan(gold)
    assert np.abs(found.values - crowd.truth)[rest].mean() <= 3.0
    inside = (found.low <= crowd.truth) & (crowd.truth <= found.high)
    assert 0.88 <= inside[rest].mean() <= 0.99


def test_grades_of_sites_are_nearer_than_the_majority():
    votes, truth = crowd_sets.read_set("s_adult", DATA)
    known = truth >= 0
    errors = [np.abs(labels - truth)[known].mean() for labels in (grade(votes).grades, majority_vote(votes).labels)]
    assert errors[0] <= errors[1] - 0.02
