"""Random clickers inside the model: told from workers who look, and no part of what the crowd is."""

from math import lgamma, log

import numpy as np
import pytest

from consensus.core import item_types
from consensus.core.labels.spammer_mixture import attention_of, everybody
from tests.core.crowds import coins, crowd

K = 3
PSEUDO = np.full((1, K, K), 0.5) + 2 * np.eye(K)[None]


def of_rows(counts, pseudo):
    """Dirichlet-multinomial against clicks, one answer after the other: another way to the same number."""
    total = 0.0
    for truth in range(counts.shape[0]):
        row = pseudo[truth].copy()
        for answer in range(counts.shape[1]):
            for _ in range(int(counts[truth, answer])):
                total += log(row[answer] / row.sum()) + log(counts.shape[1])
                row[answer] += 1
    return total


def answered(right, wrong, workers=1):
    counts = np.zeros((workers, K, K))
    counts[:, np.arange(K), np.arange(K)] = right
    counts[:, np.arange(K), (np.arange(K) + 1) % K] = wrong
    return counts


def odds(p):
    return np.log(p / (1 - p))


@pytest.mark.parametrize(("right", "wrong"), [(0, 0), (1, 0), (4, 1), (2, 3), (9, 9)])
def test_how_surely_she_looks_is_the_ratio_of_two_likelihoods(right, wrong):
    counts = answered(right, wrong)
    found = attention_of(counts, PSEUDO, None, np.ones(1))
    assert found.prior[0] == pytest.approx(10 / 11)
    assert odds(found.attentive[0]) - log(10) == pytest.approx(of_rows(counts[0], PSEUDO[0]), abs=1e-9)


def test_the_evidence_is_that_of_the_mixture_of_looking_and_clicking():
    counts = answered(3, 1)
    found = attention_of(counts, PSEUDO, None, np.ones(1))
    clicked = -counts.sum() * log(K)
    mixture = log(found.prior[0] * np.exp(of_rows(counts[0], PSEUDO[0])) + 1 - found.prior[0]) + clicked
    assert found.evidence(counts, PSEUDO) == pytest.approx(mixture, abs=1e-9)


def test_with_everybody_attentive_the_evidence_is_that_of_the_rows():
    counts = answered(2, 1)
    beta = [
        sum(map(lgamma, row + pseudo)) - lgamma((row + pseudo).sum()) - sum(map(lgamma, pseudo)) + lgamma(pseudo.sum())
        for row, pseudo in zip(counts[0], PSEUDO[0], strict=True)
    ]
    assert everybody(1).evidence(counts, PSEUDO) == pytest.approx(sum(beta), abs=1e-9)


def test_earlier_work_speaks_for_her():
    counts, none = answered(1, 2), answered(0, 0)
    known = attention_of(counts, PSEUDO, answered(20, 1), np.ones(1))
    unknown = attention_of(counts, PSEUDO, none, np.ones(1))
    assert known.attentive[0] > 0.99 > 0.95 > unknown.attentive[0]


def test_the_share_is_learned_from_the_pass_before():
    counts = answered(0, 0, workers=30)
    few = attention_of(counts, np.repeat(PSEUDO, 30, axis=0), None, np.r_[np.ones(10), np.zeros(20)])
    assert few.attentive == pytest.approx(np.full(30, 19 / 40))


def test_a_clickers_table_is_flat():
    clicked = attention_of(np.full((1, K, K), 30.0), PSEUDO, None, np.ones(1))
    assert clicked.attentive[0] < 1e-5
    assert clicked.mixed(np.log(PSEUDO)) == pytest.approx(np.full((1, K, K), -log(K)), abs=1e-4)
    assert everybody(1).mixed(np.log(PSEUDO)) == pytest.approx(np.log(PSEUDO))


def test_among_many_clickers_the_crowd_is_what_the_attentive_are():
    """Eight who look and eight who click: their answers move the default's bases less than clickers' answers otherwise would."""
    skills = np.r_[np.full(8, 0.85), np.full(8, 0.5)]
    votes, truth = crowd(coins(skills, 2), 150, 12, seed=4)
    found = item_types(votes, 1)
    assert (found.labels == truth).mean() > 0.9
    ratio = np.log(found.confusion[:, 0, 0] / found.confusion[:, 1, 0]) + np.log(
        found.confusion[:, 1, 1] / found.confusion[:, 0, 1]
    )
    assert ratio[:8].min() > 2 * np.abs(ratio[8:]).max()
