"""Rings that carry the decisions, and experts who look like one: what one vote for each suspected hand is for."""

import numpy as np
import pytest

from consensus.core import Votes, auto
from consensus.core.spam import copiers, expect, hands
from consensus.core.spam.copiers import find_copiers, rings_of
from consensus.core.spam.hands import excess_over_median, one_vote_a_hand
from consensus.core.spam.pairs import frequent_pairs
from tests.core.crowds import coins, crowd


def everybody_answers_all(skills, sheet_skill=None, members=0, n_items=300, seed=3):
    """(votes, truth): the first `members` give the answers of one sheet, the others their own."""
    rng = np.random.default_rng(seed)
    truth, n = rng.integers(0, 3, n_items), len(skills)
    items, workers = np.repeat(np.arange(n_items), n), np.tile(np.arange(n), n_items)

    def slips(skill, items):
        return np.where(
            rng.random(len(items)) < skill, truth[items], (truth[items] + rng.integers(1, 3, len(items))) % 3
        )

    sheet = slips(sheet_skill or 0, np.arange(n_items))
    answers = np.where(workers < members, sheet[items], slips(np.array(skills)[workers], items))
    return Votes.from_codes(items, workers, answers, n_items, n, 3), truth


@pytest.mark.parametrize("seed", range(3))
def test_a_ring_that_would_carry_the_decisions_is_found(seed):
    """Three of seven say the same on every item: what they say would become the truth, and they would look like experts. One
    hand has one vote, and that shows them."""
    votes, truth = everybody_answers_all([0.65] * 7, 0.75, 3, seed=seed)
    assert np.mean(auto(votes).labels == truth) < 0.8  # carried by the ring
    assert rings_of(find_copiers(expect(votes)), 7).tolist() == [0, 0, 0, -1, -1, -1, -1]


def three_on_every_item(sheet, own, seed):
    """Three workers answer all of 400 questions of yes or no: right on the share `sheet` of them together, then each slips by herself
    on the share 1 - `own`. Two of thirty others (right on 80 %) answer each: these hardly ever meet, but all meet the three."""
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, 2, 400)
    together = np.where(rng.random(400) < sheet, truth, 1 - truth)
    rows = [(i, w, together[i] if rng.random() < own else 1 - together[i]) for i in range(400) for w in range(3)]
    for i in range(400):
        others = 3 + rng.choice(30, 2, replace=False)
        rows += [(i, w, truth[i] if rng.random() < 0.8 else 1 - truth[i]) for w in others]
    return Votes.from_codes(*np.array(rows).T, 400, 33, 2)


@pytest.mark.parametrize("seed", [0, 2])
def test_a_ring_that_gives_most_of_the_answers_does_not_vouch_for_itself(seed, monkeypatch):
    votes = three_on_every_item(0.7, 0.98, seed)
    assert rings_of(find_copiers(expect(votes)), 33).tolist() == [0, 0, 0] + [-1] * 30
    narrow = copiers.suspected_hands
    monkeypatch.setattr(copiers, "suspected_hands", lambda *given: narrow(*given)[:1])
    assert not find_copiers(expect(votes)).flagged.any()  # the control: by their reliabilities they are experts


@pytest.mark.parametrize("seed", range(3))
def test_three_experts_who_give_most_of_the_answers_are_no_ring(seed):
    assert not find_copiers(expect(three_on_every_item(1.0, 0.95, seed))).flagged.any()


def test_everybody_who_looks_is_no_hand_among_clickers(monkeypatch):
    """22 of 34 agree far more than the median pair, for twelve click: they are the crowd. Control: without that rule, one hand."""
    votes, _ = crowd(coins(np.repeat([0.97, 1 / 3], [22, 12]), 3), n_items=180, per_item=10, seed=2)
    keys = frequent_pairs(votes, 10, 5_000_000)
    assert [np.bincount(taken).max() for taken in hands.suspected_hands(votes, keys, 5_000_000)] == [1, 1]
    monkeypatch.setattr(hands, "_without_the_crowd", lambda wide, narrow, keys: wide)
    assert np.bincount(hands.suspected_hands(votes, keys, 5_000_000)[1]).max() == 22


def test_how_much_a_pair_agrees_more_than_the_median_pair():
    shared, same = np.array([100.0, 100, 25]), np.array([50.0, 90, 5])
    np.testing.assert_allclose(excess_over_median(shared, same), [0, 8, -3])
    assert excess_over_median(np.array([10.0]), np.array([10.0]))[0] == pytest.approx(
        0.4518, abs=1e-4
    )  # no pair is sure to agree
    assert len(excess_over_median(np.zeros(0), np.zeros(0))) == 0


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("crowd_skill", [0.5, 0.65])
def test_experts_who_agree_against_a_poor_crowd_are_no_ring(crowd_skill, seed):
    """The control of the test above."""
    votes, _ = everybody_answers_all([0.95] * 3 + [crowd_skill] * 6, seed=seed)
    assert not find_copiers(expect(votes)).flagged.any()


def test_gold_shows_a_ring_that_is_better_than_the_crowd():
    votes, truth = everybody_answers_all([0.5] * 7, 0.85, 4)
    gold = np.where(np.arange(300) < 60, truth, -1)
    assert rings_of(find_copiers(expect(votes, gold)), 7).tolist() == [0, 0, 0, 0, -1, -1, -1]


def test_one_hand_has_one_vote_the_most_frequent_and_of_equals_the_lowest():
    votes = Votes.from_codes([0, 0, 0, 0, 1, 1], [0, 1, 2, 3, 0, 1], [2, 2, 0, 1, 2, 1], 2, 4, 3)
    merged = one_vote_a_hand(votes, np.array([0, 0, 0, 1]))
    assert merged.item_codes.tolist() == [0, 0, 1]
    assert merged.worker_codes.tolist() == [0, 1, 0]
    assert merged.answer_codes.tolist() == [2, 1, 1]


# --- invariants ---
