"""The fast ways give what the plain ways give."""

import numpy as np
import pytest

from consensus.core import Votes, dawid_skene
from consensus.core.labels.incidence import cut_parts
from consensus.core.labels.result import softmax_rows
from consensus.core.labels.votes import _canonical_order
from consensus.core.metrics import kappa
from consensus.core.regions import marks
from consensus.core.regions.iou import corner_iou
from tests.core.crowds import coins, crowd


def some_votes():
    return crowd(coins(np.linspace(0.5, 0.95, 7), 3), n_items=200, per_item=5)[0]


def test_blocks_of_scores_and_counts_equal_the_sparse_products(monkeypatch):
    monkeypatch.setattr("consensus.core.labels.incidence.MIN_PART_ITEMS", 30)
    monkeypatch.setattr("consensus.core.labels.incidence.BLOCK_CELLS", 40)
    votes, rng = some_votes(), np.random.default_rng(1)
    tables, posteriors = rng.normal(size=(votes.by_item.shape[1], 4)), rng.random((votes.n_items, 4))
    parts = cut_parts(votes.columns, votes.item_starts, len(tables))
    scores, counts = np.ones_like(posteriors), np.zeros_like(tables)
    assert len(parts) > 1
    for part in parts:
        for low, high in part.blocks(4):
            part.add_scores(low, high, tables, out=scores[part.items][low:high])
        counts += part.counts(posteriors)
    np.testing.assert_allclose(scores, votes.by_item @ tables + 1)
    np.testing.assert_allclose(counts, votes.by_item.T @ posteriors)


def test_softmax_of_scores_far_outside_the_range_of_exp():
    scores = np.array([[-5000.0, -5001.0, -9000.0], [0.0, -1.0, -2.0], [4000.0, 4000.0, 0.0], [-300.0, -900.0, -301.0]])
    shifted = scores - scores.max(axis=1, keepdims=True)
    right = np.exp(shifted) / np.exp(shifted).sum(axis=1, keepdims=True)
    evidence = (scores.max(axis=1) + np.log(np.exp(shifted).sum(axis=1))).sum()
    assert softmax_rows(scores) == pytest.approx(evidence)
    np.testing.assert_allclose(scores, right, rtol=1e-12)


def test_items_with_hundreds_of_votes_keep_their_posteriors():
    n_workers = 900
    workers, items = np.tile(np.arange(n_workers), 4), np.repeat(np.arange(4), n_workers)
    answers = np.where(np.random.default_rng(2).random(len(items)) < 0.4, items % 3, (items + 1) % 3)
    result = dawid_skene(Votes.from_rows(items, workers, answers), n_iter=5)
    assert np.isfinite(result.posteriors).all()
    assert np.isfinite(result.log_likelihood)
    np.testing.assert_allclose(result.posteriors.sum(axis=1), 1)


def test_packed_keys_sort_like_columns_too_wide_to_pack():
    rng = np.random.default_rng(3)
    columns = [rng.integers(0, 50, 400) for _ in range(3)]
    packed, wide = _canonical_order(columns, [50, 50, 50]), _canonical_order(columns, [2**30, 2**30, 2**30])
    for a, b in zip(packed, wide, strict=True):
        assert np.array_equal(a, b)


def test_sparse_and_dense_ids_give_the_same_codes():
    values = np.array([7, 3, 3, 12, 9])
    near, far = Votes.from_rows(values, [0] * 5, [0] * 5), Votes.from_rows(values * 10**12, [0] * 5, [0] * 5)
    assert np.array_equal(near.item_codes, far.item_codes)
    assert near.item_ids.tolist() == [3, 7, 9, 12] == (far.item_ids // 10**12).tolist()


def test_pairs_of_workers_found_some_workers_at_a_time(monkeypatch):
    rng = np.random.default_rng(4)
    item, worker, label = (rng.integers(0, n, 500) for n in (40, 25, 3))
    whole = kappa.worker_pairs(item, worker, label, 3)
    monkeypatch.setattr(kappa, "MEETINGS_AT_ONCE", 300)
    split = kappa.worker_pairs(item, worker, label, 3)
    assert len(whole.n) > 100
    for name in ("worker_a", "worker_b", "n", "agreement", "kappa"):
        assert np.array_equal(getattr(whole, name), getattr(split, name))


def test_a_tree_names_the_pairs_of_crowded_items(monkeypatch):
    rng = np.random.default_rng(5)
    low = rng.uniform(0, 50, (240, 2))
    corners = np.hstack([low, low + rng.uniform(5, 20, (240, 2))])
    item = np.repeat([0, 1, 2, 3], [100, 20, 90, 30])
    looks = marks.marks_from_rows([(i, w, [c], None) for i, w, c in zip(item, range(240), corners, strict=True)])
    answers, order = marks.canonical(looks, corners)
    corners = corners[order]

    def find():
        return marks.similar_pairs(answers, lambda a, b: corner_iou(corners[a], corners[b]), corners, chunk=500)

    plain = find()
    monkeypatch.setattr(marks, "CROWDED", 25)
    tree = find()
    assert len(plain.left) > 200
    order = np.lexsort((plain.right, plain.left))
    assert np.array_equal(plain.left[order], tree.left)
    assert np.array_equal(plain.right[order], tree.right)
    assert np.array_equal(plain.similarity[order], tree.similarity)
