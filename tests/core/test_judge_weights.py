"""People and judges beside each other: who is wrong together does not outvote who is right."""

import numpy as np
import pytest

from consensus.core import Votes
from consensus.core.labels.judge_weights import Weights, learn_weights


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
    people, judge, _ = learn_weights(*crowd(0.4))
    assert judge == 1.0
    assert people < 0.6


def test_where_nobody_is_wrong_together_both_stay_near_one():
    people, judge, _ = learn_weights(*crowd(0.0))
    assert max(people, judge) == 1.0
    assert min(people, judge) > 0.5


def one_label_for_another(share: float, of_first: float, seed: int = 0) -> tuple[Votes, np.ndarray, np.ndarray]:
    """Two labels; three people right .9 by themselves, who all take a `share` of the first label for the second; a judge right .8."""
    rng = np.random.default_rng(seed)
    truth = (rng.random(400) >= of_first).astype(int)
    seen = np.where((truth == 0) & (rng.random(400) < share), 1, truth)
    said = [np.where(rng.random(400) < right, one, 1 - one) for one, right in ((seen, 0.9),) * 3 + ((truth, 0.8),)]
    votes = Votes.from_codes(np.tile(np.arange(400), 4), np.repeat(np.arange(4), 400), np.concatenate(said), 400, 4, 2)
    return votes, np.where(np.arange(400) < 100, truth, -1), np.array([False, False, False, True])


def test_shares_that_people_learned_wrong_together_weigh_little_and_true_ones_stay():
    assert learn_weights(*one_label_for_another(0.6, 0.5)).prior < 0.1
    assert learn_weights(*one_label_for_another(0.0, 0.1)).prior > 0.3


def test_too_few_known_items_change_nothing():
    votes, gold, judges = crowd(0.4)
    gold[15:] = -1
    assert learn_weights(votes, gold, judges) == Weights()
    assert learn_weights(votes, gold, np.zeros(4, dtype=bool)) == Weights()
    with pytest.raises(ValueError, match="gold must say one label an item"):
        learn_weights(votes, gold[:5], judges)
