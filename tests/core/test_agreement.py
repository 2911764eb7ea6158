"""Agreement: textbook values, and the same figures for any order of rows."""

import time

import numpy as np
import pytest
import shapely

from consensus.core.metrics.alpha import krippendorff_alpha
from consensus.core.metrics.kappa import cohen_kappa, fleiss_kappa, item_agreement, worker_agreement, worker_pairs
from consensus.core.regions.agreement import pair_agreement
from consensus.core.regions.iou import box_iou, corner_iou, mask_iou_matrix, polygon_iou, range_iou, to_corners
from consensus.core.regions.marks import canonical, marks_from_rows, similar_pairs
from consensus.core.regions.oks import oks, points_area, symmetric_oks

# Krippendorff, Computing Krippendorff's Alpha-Reliability (2011): four observers, twelve units, 0 = missing.
KRIPPENDORFF = np.array(
    [
        [1, 2, 3, 3, 2, 1, 4, 1, 2, 0, 0, 0],
        [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, 0, 3],
        [0, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, 0],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, 0],
    ]
)
# Fleiss 1971: fourteen raters, ten subjects, five classes; kappa 0.210.
FLEISS = np.array(
    [
        [0, 0, 0, 0, 14],
        [0, 2, 6, 4, 2],
        [0, 0, 3, 5, 6],
        [0, 3, 9, 2, 0],
        [2, 2, 8, 1, 1],
        [7, 7, 0, 0, 0],
        [3, 2, 6, 3, 0],
        [2, 5, 3, 2, 2],
        [6, 5, 2, 1, 0],
        [0, 2, 2, 3, 7],
    ]
)


@pytest.mark.parametrize(("level", "expected"), [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849)])
def test_alpha_of_the_textbook(level, expected):
    worker, item = np.nonzero(KRIPPENDORFF)
    alpha = krippendorff_alpha(item, KRIPPENDORFF[worker, item], level)
    assert round(alpha.alpha, 3) == expected
    assert alpha.low < alpha.alpha < alpha.high <= 1
    assert alpha.n_values == 40


def test_alpha_interval_covers_the_truth_and_narrows():
    rng = np.random.default_rng(1)
    truth = rng.integers(0, 2, 20_000)
    item = np.repeat(np.arange(20_000), 2)
    value = np.where(rng.random(40_000) < 0.6, truth[item], rng.integers(0, 2, 40_000))
    few, many = krippendorff_alpha(item[:400], value[:400]), krippendorff_alpha(item, value)
    assert many.low < 0.36 < many.high
    assert many.high - many.low < (few.high - few.low) / 5


def test_alpha_without_disagreement_and_without_pairs():
    assert krippendorff_alpha([0, 0, 1, 1], [3, 3, 3, 3]).alpha == 1
    assert np.isnan(krippendorff_alpha([0, 1], [1, 2]).alpha)
    with pytest.raises(ValueError, match="level"):
        krippendorff_alpha([0, 0], [1, 1], "ratio")


def test_fleiss_of_the_textbook():
    subject, label = np.nonzero(FLEISS)
    times = FLEISS[subject, label]
    assert round(fleiss_kappa(np.repeat(subject, times), np.repeat(label, times), 5), 3) == 0.210


def test_cohen_of_a_known_table():
    a = np.repeat([0, 0, 1, 1], [20, 5, 10, 15])
    b = np.repeat([0, 1, 0, 1], [20, 5, 10, 15])
    assert cohen_kappa(a, b, 2) == pytest.approx(0.4)
    assert cohen_kappa(a, a, 2) == cohen_kappa([1], [1], 2) == 1
    assert cohen_kappa([0, 1, 2], [1, 2, 2], 3, "quadratic") > cohen_kappa([0, 1, 2], [1, 2, 2], 3)


def test_worker_pairs_equal_cohen_of_each_pair():
    rng = np.random.default_rng(3)
    item, worker, label = (
        np.repeat(np.arange(60), 3),
        rng.permuted(np.tile(np.arange(4), (60, 1)), axis=1)[:, :3].ravel(),
        rng.integers(0, 3, 180),
    )
    pairs = worker_pairs(item, worker, label, 3)
    for a, b, n, kappa in zip(pairs.worker_a, pairs.worker_b, pairs.n, pairs.kappa, strict=True):
        mine, hers = (dict(zip(item[worker == w], label[worker == w], strict=True)) for w in (a, b))
        common = sorted(mine.keys() & hers.keys())
        assert n == len(common)
        assert kappa == pytest.approx(cohen_kappa([mine[i] for i in common], [hers[i] for i in common], 3))
    mean = worker_agreement(item, worker, label, 5)
    assert mean[0] == pytest.approx(
        np.average(pairs.agreement[pairs.worker_a == 0], weights=pairs.n[pairs.worker_a == 0])
    )
    assert np.isnan(mean[4])


def test_item_agreement_is_the_share_of_equal_pairs():
    shares = item_agreement(np.array([0, 0, 0, 1]), np.array([1, 1, 0, 1]), 3, 2)
    assert shares[0] == pytest.approx(1 / 3)
    assert np.isnan(shares[1:]).all()


def test_iou_of_boxes_ranges_polygons_and_masks():
    a, b = [[0, 0, 10, 10]], [[5, 0, 10, 10], [20, 20, 5, 5], [0, 0, 10, 10]]
    assert box_iou(a, b)[0] == pytest.approx([1 / 3, 0, 1])
    squares = shapely.box([0, 5, 20, 0], [0, 0, 20, 0], [10, 15, 25, 10], [10, 10, 25, 10])
    assert polygon_iou(squares[:1], squares[1:])[0] == pytest.approx([1 / 3, 0, 1])
    assert range_iou([[0, 10]], [[5, 15], [10, 20], [3, 3]])[0] == pytest.approx([1 / 3, 0, 0])
    masks = np.zeros((3, 4, 5), dtype=bool)
    masks[0, :2], masks[1, 1:3] = True, True
    assert mask_iou_matrix(masks, masks) == pytest.approx(np.array([[1, 1 / 3, 0], [1 / 3, 1, 0], [0, 0, 1]]))


def test_oks_follows_coco():
    points, reference, visible = np.array([[3.0, 4.0], [0, 0]]), np.zeros((2, 2)), np.array([True, False])
    assert oks(points, reference, np.array(1000.0), visible, 0.1) == pytest.approx(np.exp(-25 / (2 * 1000 * 0.04)))
    assert oks(points, reference, np.array(1000.0), np.array([False, False])) == 1
    assert points_area(np.array([[0, 0], [4, 5.0]]), np.array([True, True])) == 20
    assert symmetric_oks(reference, reference, visible, np.array([True, True])) == pytest.approx(0.5)


def boxes_world():
    rows = [
        (0, 0, [[0, 0, 10, 10], [50, 0, 10, 10]], [0, 1]),
        (0, 1, [[1, 0, 10, 10], [50, 0, 10, 10]], [0, 0]),
        (0, 2, [], []),
    ]
    return [*rows, (1, 0, [], []), (1, 1, [], []), (2, 0, [[0, 0, 5, 5]], [0])]


@pytest.mark.parametrize("order", [[0, 1, 2, 3, 4, 5], [5, 2, 4, 1, 0, 3]])
def test_agreement_of_boxes_per_item_worker_and_pair(order):
    rows = boxes_world()
    marks = marks_from_rows([rows[k] for k in order], n_labels=2)
    marks, _ = canonical(marks, marks.shape)
    corners = to_corners(marks.shape)
    found = pair_agreement(marks, similar_pairs(marks, lambda a, b: corner_iou(corners[a], corners[b])))
    assert found.by_item()[:2] == pytest.approx([(0.5 + 0 + 0) / 3, 1.0])
    assert np.isnan(found.by_item()[2])
    assert found.by_worker() == pytest.approx([(0.5 + 0 + 1) / 3, (0.5 + 0 + 1) / 3, 0.0])
    a, b, n, f1 = found.by_pair()
    assert [*zip(a, b, n, strict=True)] == [(0, 1, 2), (0, 2, 1), (1, 2, 1)]
    assert f1 == pytest.approx([0.75, 0, 0])


def test_a_mark_that_could_match_two_is_matched_once():
    rows = [(0, 0, [[0, 0, 10, 10]], None), (0, 1, [[0, 0, 10, 9], [0, 0, 10, 8]], None)]
    marks = marks_from_rows(rows)
    marks, _ = canonical(marks, marks.shape)
    corners = to_corners(marks.shape)
    found = pair_agreement(marks, similar_pairs(marks, lambda a, b: corner_iou(corners[a], corners[b])))
    assert found.f1 == pytest.approx([2 / 3])


def alpha_by_definition(item, value, level):
    """Krippendorff's formula written out over all pairs, with his sum of frequencies for ordinal data."""
    item, value = np.asarray(item), np.asarray(value)
    kept = np.array([np.count_nonzero(item == i) > 1 for i in item])
    item, value = item[kept], value[kept]
    grades, count = np.unique(value, return_counts=True)
    place = {grade: k for k, grade in enumerate(grades)}

    def far(a, b):
        if level == "nominal":
            return float(a != b)
        if level == "interval":
            return float(a - b) ** 2
        low, high = sorted((place[a], place[b]))
        return float(count[low : high + 1].sum() - (count[low] + count[high]) / 2) ** 2

    n, observed = len(value), 0.0
    for i in np.unique(item):
        mine = value[item == i]
        observed += sum(far(a, b) for a in mine for b in mine) / (len(mine) - 1) / n
    expected = sum(far(a, b) for a in value for b in value) / (n * (n - 1))
    return 1 - observed / expected


@pytest.mark.parametrize("level", ["nominal", "ordinal", "interval"])
@pytest.mark.parametrize("seed", range(3))
def test_alpha_is_its_definition(level, seed):
    rng = np.random.default_rng(seed)
    item = rng.integers(0, 25, 90)  # from one to many answers an item
    value = np.clip(item % 5 + rng.integers(-1, 2, 90), 0, 6)
    assert krippendorff_alpha(item, value, level).alpha == pytest.approx(
        alpha_by_definition(item, value, level), abs=1e-12
    )


def test_alpha_does_not_depend_on_rows_or_names_and_its_interval_is_the_spread_of_new_samples():
    def sample(seed, n_items=300):
        rng = np.random.default_rng(seed)
        truth, item = rng.integers(0, 3, n_items), np.repeat(np.arange(n_items), 3)
        return item, np.where(rng.random(3 * n_items) < 0.7, truth[item], rng.integers(0, 3, 3 * n_items))

    item, value = sample(0)
    first = krippendorff_alpha(item, value)
    assert krippendorff_alpha(item[::-1], value[::-1]) == first
    renamed = krippendorff_alpha(item, np.array([2, 0, 1])[value])
    assert (renamed.alpha, renamed.low, renamed.high) == pytest.approx((first.alpha, first.low, first.high))
    spread = np.std([krippendorff_alpha(*sample(seed), n_resamples=0).alpha for seed in range(60)])
    assert first.high - first.low == pytest.approx(2 * 1.96 * spread, rel=0.3)


def test_fleiss_of_two_raters_who_share_all_items_is_near_scotts_pi():
    rng = np.random.default_rng(5)
    a, b = rng.integers(0, 3, 400), rng.integers(0, 3, 400)
    b = np.where(rng.random(400) < 0.6, a, b)
    share = np.bincount(np.concatenate([a, b]), minlength=3) / 800
    chance = (share**2).sum()
    scott = ((a == b).mean() - chance) / (1 - chance)
    assert fleiss_kappa(np.tile(np.arange(400), 2), np.concatenate([a, b]), 3) == pytest.approx(scott)


def test_weighted_cohen_by_hand():
    a, b = np.array([0, 1, 2, 2]), np.array([0, 2, 2, 1])
    table = np.zeros((3, 3))
    np.add.at(table, (a, b), 0.25)
    far = np.abs(np.subtract.outer(np.arange(3), np.arange(3)))
    chance = np.outer(table.sum(axis=1), table.sum(axis=0))
    for weights, cost in (("linear", far), ("quadratic", far**2)):
        assert cohen_kappa(a, b, 3, weights) == pytest.approx(1 - (cost * table).sum() / (cost * chance).sum())


def test_a_million_answers_and_items_with_hundreds_of_marks_take_seconds():
    rng = np.random.default_rng(6)
    item = np.repeat(np.arange(200_000), 5)
    value = np.where(rng.random(10**6) < 0.7, rng.integers(0, 10, 200_000)[item], rng.integers(0, 10, 10**6))
    before = time.process_time()
    assert 0.4 < krippendorff_alpha(item, value).alpha < 0.6
    assert 0.4 < fleiss_kappa(item, value, 10) < 0.6
    rows = [(0, w, rng.uniform(0, 2000, (400, 2)).tolist(), None) for w in range(4)]
    rows = [(i, w, [[x, y, 30, 30] for x, y in marks], None) for i, w, marks, _ in rows]
    marks = marks_from_rows(rows)
    marks, _ = canonical(marks, marks.shape)
    corners = to_corners(marks.shape)
    pairs = similar_pairs(marks, lambda a, b: corner_iou(corners[a], corners[b]), corners)
    assert pair_agreement(marks, pairs).f1.max() < 0.5
    assert time.process_time() - before < 10  # about one second; a control against a quadratic way
