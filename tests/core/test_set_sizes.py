"""The law of how many labels an item has: exact marginals, and what it is there for."""

from itertools import product

import numpy as np
import pytest

from consensus.core.sets import set_sizes
from consensus.core.sets.multilabel import fit_sets, multilabel
from consensus.core.sets.set_sizes import sizes_by_profile, sizes_of_answers, weigh_sizes
from consensus.core.sets.sets import Sets


def by_counting_all(log_odds, ratio):
    """(P(label), P(size)) of one item over all 2^L sets."""
    every = np.array(list(product((0, 1), repeat=len(log_odds))))
    sizes = np.minimum(every.sum(axis=1), len(ratio) - 1)
    weight = np.exp(every @ log_odds) * ratio[sizes]
    weight /= weight.sum()
    return weight @ every, np.bincount(sizes, weight, minlength=len(ratio))


@pytest.mark.parametrize("most", [16, 3], ids=["every size", "three and more alike"])
def test_marginals_are_those_of_all_sets(most, monkeypatch):
    monkeypatch.setattr(set_sizes, "MOST", most)
    monkeypatch.setattr(set_sizes, "BLOCK_CELLS", 60)  # several blocks
    rng = np.random.default_rng(0)
    log_odds, ratio = rng.normal(0, 2, (7, 6)), rng.uniform(0.1, 3, min(6, most) + 1)
    found, counted = weigh_sizes(log_odds, ratio)
    exact = [by_counting_all(row, ratio) for row in log_odds]
    np.testing.assert_allclose(1 / (1 + np.exp(-found)), [labels for labels, _ in exact], atol=1e-12)
    np.testing.assert_allclose(counted, sum(sizes for _, sizes in exact), atol=1e-12)


def test_a_law_that_says_nothing_new_changes_nothing():
    log_odds = np.random.default_rng(1).normal(0, 3, (5, 40))  # more labels than sizes told apart
    np.testing.assert_allclose(weigh_sizes(log_odds, np.ones(17))[0], log_odds, atol=1e-9)


def test_sizes_of_independent_labels_and_of_answers():
    np.testing.assert_allclose(sizes_by_profile(np.array([[0.5, 0.2], [1.0, 0.0]])), [[0.4, 0.5, 0.1], [0, 1, 0]])
    sets = Sets.from_rows([0, 0, 1, 1], [0, 1, 0, 1], [["a"], [], ["a", "b"], ["b"]], labels=["a", "b", "c"])
    np.testing.assert_allclose(sizes_of_answers(sets), [0.25, 0.5, 0.25, 0])
    assert sizes_of_answers(Sets.from_rows([], [], [], labels=["a"])).tolist() == [0, 0]


def two_alike(n_items=300, n_workers=20, per_item=7, seed=0):
    """One of four labels an item and an answer; 0 and 1 are often taken for each other, like two breeds of dog."""
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, 4, n_items)
    rows = []
    for item in range(n_items):
        for worker in rng.choice(n_workers, per_item, replace=False):
            said = truth[item] if rng.random() < 0.6 or truth[item] > 1 else 1 - truth[item]
            rows.append((item, int(worker), [int(said)]))
    return Sets.from_rows(*zip(*rows, strict=True), labels=range(4)), np.eye(4, dtype=bool)[truth]


def test_a_label_that_is_often_mistaken_for_another_is_no_second_label():
    sets, truth = two_alike()
    plain, sized = (fit_sets(sets, 5, sized=sized).log_odds > 0 for sized in (False, True))
    assert (plain.sum(axis=1) == 2).mean() > 0.3  # the control: both labels, on most of the items that have either
    assert (sized.sum(axis=1) == 1).mean() > 0.95
    assert (multilabel(sets).chosen == truth).mean() > (plain == truth).mean() + 0.02


def test_gold_counts_in_the_size():
    """What is known to be there takes the room of what is not known."""
    sets, truth = two_alike()
    gold = np.full(truth.shape, -1)
    first = int(np.flatnonzero(truth[:, 0])[0])
    gold[first, 2] = 1
    free, held = (fit_sets(sets, 5, known, sized=True).log_odds[first] for known in (None, gold))
    assert held[:2].max() < free[:2].max()
    assert held[2] > 100
    gold[first] = 1  # a size that no answer has
    assert fit_sets(sets, 5, gold, sized=True).log_odds[first].min() > 0
