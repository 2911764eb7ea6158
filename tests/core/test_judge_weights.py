"""People and judges beside each other: who is wrong together does not outvote who is right."""

import numpy as np
import pytest

from consensus.core import Votes
from consensus.core.judges.weights import learn_weights


def crowd(shared: float, n_items: int = 300, seed: int = 0) -> tuple[Votes, np.ndarray, np.ndarray]:
    """Three people right .9 by themselves, all wrong alike on a `shared` part of the items, and a judge who is right .9."""
    rng = np.random.default_rng(seed)
    truth = rng.integers(3, size=n_items)
    taken_for = np.where(rng.random(n_items) < shared, (truth + 1) % 3, truth)
    said = [
        np.where(rng.random(n_items) < 0.9, seen, rng.integers(3, size=n_items))
        for seen in (taken_for, taken_for, taken_for, truth)
    ]
    items = np.tile(np.arange(n_items), 4)
    workers = np.repeat(np.arange(4), n_items)
    votes = Votes.from_codes(items, workers, np.concatenate(said), n_items, 4, 3)
    gold = np.where(np.arange(n_items) < 100, truth, -1)
    return votes, gold, np.array([False, False, False, True])


def test_where_people_are_wrong_together_their_weight_falls_and_the_judges_stays():
    people, judge = learn_weights(*crowd(0.4))
    assert judge == 1.0
    assert people < 0.6


def test_where_nobody_is_wrong_together_both_stay_near_one():
    people, judge = learn_weights(*crowd(0.0))
    assert max(people, judge) == 1.0
    assert min(people, judge) > 0.5


def test_too_few_known_items_change_nothing():
    votes, gold, judges = crowd(0.4)
    gold[15:] = -1
    assert learn_weights(votes, gold, judges) == (1.0, 1.0)
    assert learn_weights(votes, gold, np.zeros(4, dtype=bool)) == (1.0, 1.0)
    with pytest.raises(ValueError, match="gold must say one label an item"):
        learn_weights(votes, gold[:5], judges)
