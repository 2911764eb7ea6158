"""The shared pass: blocks and threads change nothing, and a forked process finishes."""

import multiprocessing

import numpy as np

from consensus.core.labels import incidence
from consensus.core.labels.dawid_skene import dawid_skene
from tests.core.crowds import coins, crowd


def many():
    return crowd(coins(np.linspace(0.55, 0.95, 8), 3), n_items=300, per_item=4)[0]


def fit_in_child(queue):
    queue.put(dawid_skene(many()).posteriors.sum())


def test_any_size_of_block_gives_the_same_result(monkeypatch):
    whole = dawid_skene(many()).posteriors
    monkeypatch.setattr(incidence, "MIN_PART_ITEMS", 7)
    monkeypatch.setattr(incidence, "BLOCK_CELLS", 30)
    table = many()
    assert len(table.parts) > 1
    np.testing.assert_allclose(dawid_skene(table).posteriors, whole, atol=1e-12)
    assert np.array_equal(dawid_skene(table).posteriors, dawid_skene(many()).posteriors)


def test_a_forked_process_does_not_wait_for_its_parents_threads(monkeypatch):
    monkeypatch.setattr(incidence, "MIN_PART_ITEMS", 7)
    monkeypatch.setattr(incidence, "BLOCK_CELLS", 30)
    here = dawid_skene(many()).posteriors.sum()
    context = multiprocessing.get_context("fork")
    queue = context.Queue()
    child = context.Process(target=fit_in_child, args=(queue,))
    child.start()
    assert queue.get(timeout=60) == here
    child.join(timeout=60)
    assert child.exitcode == 0
