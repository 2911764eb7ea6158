"""Crowds made for the tests: votes drawn from known confusion matrices."""

import numpy as np

from consensus.core import Votes


def crowd(confusion, n_items=400, per_item=5, prior=None, seed=0, hard=None):
    """Votes drawn from confusion (W, K, K); with `hard`, that share of items confuses everybody in the same way."""
    rng = np.random.default_rng(seed)
    n_workers, n_labels = confusion.shape[:2]
    truth = rng.choice(n_labels, n_items, p=prior)
    looks = np.where(rng.random(n_items) < (hard or 0), (truth + 1) % n_labels, truth)
    items = np.repeat(np.arange(n_items), per_item)
    workers = np.concatenate([rng.choice(n_workers, per_item, replace=False) for _ in range(n_items)])
    shares = confusion[workers, looks[items]].cumsum(axis=1)
    answers = (rng.random(len(items))[:, None] > shares).sum(axis=1).clip(0, n_labels - 1)
    return Votes.from_codes(items, workers, answers, n_items, n_workers, n_labels), truth


def coins(skills, n_labels):
    skills = np.asarray(skills)
    matrix = np.repeat((1 - skills) / (n_labels - 1), n_labels**2).reshape(-1, n_labels, n_labels)
    matrix[:, range(n_labels), range(n_labels)] = skills[:, None]
    return matrix
