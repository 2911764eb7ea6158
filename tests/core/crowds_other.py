"""Crowds made for the tests of pairs, numbers and grades; the truth is known."""

import numpy as np

from consensus.core import Votes
from consensus.core.pairs.davidson import probabilities
from consensus.core.pairs.pairwise import Comparisons


def pair_crowd(n_items=12, n_groups=4, n_workers=20, n=2000, spread=1.5, tie=0.0, clickers=0.0, seed=0):
    """(comparisons, scores, looks): Davidson answers; a share of workers clicks by habit, whatever the pair."""
    rng = np.random.default_rng(seed)
    total = n_items * n_groups
    scores, group = rng.normal(0, spread, total), np.repeat(np.arange(n_groups), n_items)
    scores -= np.bincount(group, scores)[group] / n_items
    query = rng.integers(0, n_groups, n)
    left = rng.integers(0, n_items, n)
    right = (left + rng.integers(1, n_items, n)) % n_items
    left, right, worker = left + query * n_items, right + query * n_items, rng.integers(0, n_workers, n)
    looks = np.where(np.arange(n_workers) < clickers * n_workers, 0.1, 0.95)
    habit = rng.dirichlet(np.full(3, 0.5), n_workers)
    chances = probabilities(scores[left] - scores[right], np.full(n, tie))
    chances = np.where((rng.random(n) < looks[worker])[:, None], chances.T, habit[worker])
    outcome = (rng.random(n)[:, None] > chances.cumsum(axis=1)[:, :2]).sum(axis=1)
    return Comparisons.from_codes(left, right, worker, outcome, total, n_workers, group), scores, looks


def number_crowd(
    n_items=200, n_workers=30, per_item=6, bias=0.5, slope=0.15, noise=(0.3, 1.5), outliers=0.0, shared=0.0, seed=0
):
    """(item, worker, value, truth, bias, noise): truth ~ N(5, 1.5^2); noise of the workers log-uniform; a share of
    answers is anywhere on the scale; `shared`: standard deviation of an error common to all answers of an item."""
    rng = np.random.default_rng(seed)
    truth = rng.normal(5, 1.5, n_items)
    item = np.repeat(np.arange(n_items), per_item)
    worker = np.concatenate([rng.choice(n_workers, per_item, replace=False) for _ in range(n_items)])
    biases, slopes = rng.normal(0, bias, n_workers), rng.normal(1, slope, n_workers)
    sd = np.exp(rng.uniform(*np.log(noise), n_workers))
    seen = truth + rng.normal(0, shared, n_items)
    value = 5 + slopes[worker] * (seen[item] - 5) + biases[worker] + sd[worker] * rng.normal(size=len(item))
    wild = rng.random(len(item)) < outliers
    return item, worker, np.where(wild, rng.uniform(-10, 20, len(item)), value), truth, biases, sd


def grade_crowd(n_items=200, n_workers=30, per_item=4, n_grades=5, bias=0.7, noise=(0.4, 1.5), clickers=0.0, seed=0):
    """(votes, truth): grades with a bell-shaped prior; a worker sees the grade with her own bias and noise and rounds; a
    share of workers clicks any grade."""
    rng = np.random.default_rng(seed)
    truth = np.clip(np.rint(rng.normal((n_grades - 1) / 2, n_grades / 4, n_items)), 0, n_grades - 1).astype(int)
    item = np.repeat(np.arange(n_items), per_item)
    worker = np.concatenate([rng.choice(n_workers, per_item, replace=False) for _ in range(n_items)])
    biases, sd = rng.normal(0, bias, n_workers), np.exp(rng.uniform(*np.log(noise), n_workers))
    seen = truth[item] + biases[worker] + sd[worker] * rng.normal(size=len(item))
    answer = np.clip(np.rint(seen), 0, n_grades - 1).astype(int)
    answer = np.where(worker < clickers * n_workers, rng.integers(0, n_grades, len(item)), answer)
    return Votes.from_codes(item, worker, answer, n_items, n_workers, n_grades), truth
