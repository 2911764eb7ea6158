"""Pairs: Bradley-Terry with ties and workers who may not look."""

import itertools
import warnings

import numpy as np
import pytest
from scipy.optimize import minimize

from consensus.core import Comparisons, bradley_terry, crowd_bradley_terry
from consensus.core.pairs.davidson import probabilities, slopes
from consensus.core.pairs.gaussian import Graph
from tests.core.crowds_other import pair_crowd

METHODS = [bradley_terry, crowd_bradley_terry]
SWAPPED = {"left": "right", "right": "left", "tie": "tie"}


def rows_of(n=300, seed=0, **options):
    """Rows (left, right, worker, outcome, group) with plain names."""
    crowd, *_ = pair_crowd(n_items=6, n_groups=2, n_workers=7, n=n, clickers=0.3, seed=seed, **options)
    names = ["left", "right", "tie"]
    columns = zip(crowd.left, crowd.right, crowd.worker, crowd.outcome, crowd.times, strict=True)
    return [
        (int(a) % 6, int(b) % 6, int(w), names[o], int(a) // 6)
        for a, b, w, o, times in columns
        for _ in range(int(times))
    ]


def table(rows, **options):
    return Comparisons.from_rows(*([row[i] for row in rows] for i in range(5)), **options)


def run(method, comparisons, **options):
    """Fit with every warning an error; check what any ranking must satisfy."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = method(comparisons, **options)
    n_items, n_workers = comparisons.n_items, comparisons.n_workers
    assert found.scores.shape == found.errors.shape == found.order.shape == (n_items,)
    assert found.reliability.shape == (n_workers,)
    assert found.habits.shape == (n_workers, 3)
    assert np.isfinite(found.scores).all()
    assert np.isfinite(found.errors).all()
    assert ((found.reliability >= 0) & (found.reliability <= 1)).all()
    np.testing.assert_allclose(found.habits.sum(axis=1), 1, atol=1e-9)
    assert sorted(found.order.tolist()) == list(range(n_items))
    return found


@pytest.fixture(params=METHODS, ids=lambda method: method.__name__)
def method(request):
    return request.param


# ---- against independent references


def negative_log_likelihood(scores, comparisons, tie):
    """Davidson's likelihood written out row by row, with strengths and a geometric mean as in the paper."""
    strength, nu, total = np.exp(scores), np.exp(tie), 0.0
    for left, right, outcome, times in zip(
        comparisons.left, comparisons.right, comparisons.outcome, comparisons.times, strict=True
    ):
        both = nu * np.sqrt(strength[left] * strength[right])
        chance = [strength[left], strength[right], both][outcome] / (strength[left] + strength[right] + both)
        total -= times * np.log(chance)
    return total


def one_group(n_items, n, with_ties):
    crowd, *_ = pair_crowd(n_items=n_items, n_groups=1, n=n, tie=0.3)
    kept = np.repeat(np.arange(len(crowd.left)), crowd.times.astype(int))
    kept = kept[with_ties | (crowd.outcome[kept] < 2)]
    columns = (column[kept] for column in (crowd.left, crowd.right, crowd.worker, crowd.outcome))
    return Comparisons.from_codes(*columns, n_items, crowd.n_workers)


@pytest.mark.parametrize("with_ties", [True, False])
def test_the_maximum_likelihood_equals_a_general_optimiser(with_ties):
    crowd = one_group(5, 400, with_ties)
    found = run(bradley_terry, crowd, spread=1e6, tol=0.0)

    def loss(x):
        tie = x[5] if with_ties else -np.inf
        penalty = (x[5] ** 2) / 200 if with_ties else 0.0  # bradley_terry's weak prior of the tie weight
        return negative_log_likelihood(x[:5], crowd, tie) + x[:5].sum() ** 2 + penalty

    best = minimize(loss, np.zeros(6), method="BFGS", options={"gtol": 1e-8}).x
    np.testing.assert_allclose(found.scores, best[:5], atol=1e-4)
    if with_ties:
        assert found.crowd_tie_weight == pytest.approx(best[5], abs=1e-4)
    else:
        assert found.crowd_tie_weight == -np.inf


def test_standard_errors_are_the_inverse_of_the_numerical_hessian():
    crowd = one_group(4, 600, with_ties=False)
    found = run(bradley_terry, crowd, spread=2.0, tol=0.0)
    at, step = found.scores, 1e-3

    def loss(x):
        return negative_log_likelihood(x, crowd, -np.inf) + (x**2).sum() / 8

    hessian = np.empty((4, 4))
    for i, j in itertools.product(range(4), repeat=2):
        e, f = step * np.eye(4)[i], step * np.eye(4)[j]
        hessian[i, j] = (loss(at + e + f) - loss(at + e - f) - loss(at - e + f) + loss(at - e - f)) / (4 * step**2)
    centre = np.eye(4) - 1 / 4
    expected = np.sqrt(np.diag(centre @ np.linalg.inv(hessian) @ centre))
    np.testing.assert_allclose(found.errors, expected, rtol=1e-3)
    covariance = np.linalg.inv(hessian)
    gap_error = np.sqrt(covariance[0, 0] + covariance[1, 1] - 2 * covariance[0, 1])
    assert found._gap_errors(np.array([0]), np.array([1]))[0] == pytest.approx(gap_error, rel=1e-3)


def test_two_items_by_hand():
    """7 wins of 10 without ties and without a prior: the log odds, and 1 / sqrt(n p q) as the error of the difference."""
    found = run(
        bradley_terry, table([("a", "b", 0, "left", 0)] * 7 + [("a", "b", 1, "right", 0)] * 3), spread=1e6, tol=0.0
    )
    assert found.scores[0] - found.scores[1] == pytest.approx(np.log(7 / 3), abs=1e-6)
    assert found._gap_errors(np.array([0]), np.array([1]))[0] == pytest.approx(1 / np.sqrt(10 * 0.7 * 0.3), rel=1e-6)


def test_davidson_by_its_formula():
    gap, tie = np.array([0.7, -3.0, 0.0]), np.array([0.4, -np.inf, -2.0])
    expected = np.stack([np.exp(gap / 2), np.exp(-gap / 2), np.exp(tie)])
    expected /= expected.sum(axis=0)
    np.testing.assert_allclose(probabilities(gap, tie), expected, atol=1e-12)
    for by_gap, by_tie, slope in ((1e-6, 0, slopes(expected).gap), (0, 1e-6, slopes(expected).tie)):
        ends = [np.log(probabilities(gap[[0, 2]] + k * by_gap, tie[[0, 2]] + k * by_tie)) for k in (-1, 1)]
        np.testing.assert_allclose(slope[:, [0, 2]], (ends[1] - ends[0]) / 2e-6, atol=1e-6)


def test_large_groups_are_solved_as_small_ones_are(monkeypatch):
    rng = np.random.default_rng(0)
    low, high = np.triu_indices(60, 1)
    edges = rng.random(len(low)) < 0.2
    low, high, weights = low[edges], high[edges], rng.random(edges.sum())
    target = rng.normal(size=60)
    exact = Graph(low, high, np.zeros(60)).solve(weights, 0.5, target)
    dense = np.linalg.inv(Graph(low, high, np.zeros(60)).matrix(weights, 0.5).toarray())
    np.testing.assert_allclose(exact.variance, np.diag(dense), atol=1e-12)
    np.testing.assert_allclose(exact.x, dense @ target, atol=1e-12)
    monkeypatch.setattr("consensus.core.pairs.gaussian.DENSE", 10)
    iterated = Graph(low, high, np.zeros(60)).solve(weights, 0.5, target, n_probes=64)
    np.testing.assert_allclose(iterated.x, exact.x, atol=1e-6)
    np.testing.assert_allclose(iterated.variance, exact.variance, rtol=0.35)
    assert iterated.variance.mean() == pytest.approx(exact.variance.mean(), rel=0.05)


# ---- what every method must keep


def test_bit_equal_on_repeat_and_for_any_row_order(method):
    rows = rows_of()
    first = run(method, table(rows))
    for order in (rows, rows[::-1], [rows[i] for i in np.random.default_rng(1).permutation(len(rows))]):
        again = run(method, table(order))
        assert np.array_equal(first.scores, again.scores)
        assert np.array_equal(first.reliability, again.reliability)


@pytest.mark.parametrize("convert", [str, float, lambda n: ("id", n), lambda n: f"{n:05d}"])
def test_the_type_of_ids_does_not_matter(method, convert):
    rows = rows_of()
    data = table(rows)
    other = table([(convert(a), convert(b), convert(w), o, convert(g)) for a, b, w, o, g in rows])
    place = {item: code for code, item in enumerate(other.item_ids.tolist())}
    order = [place[convert(group), convert(item)] for group, item in data.item_ids.tolist()]
    np.testing.assert_allclose(run(method, data).scores, run(method, other).scores[order], atol=1e-6)


def test_renaming_items_permutes_the_scores(method):
    rows, new = rows_of(), [3, 5, 0, 1, 4, 2]
    first = run(method, table(rows)).scores.reshape(2, 6)
    again = run(method, table([(new[a], new[b], w, o, g) for a, b, w, o, g in rows])).scores.reshape(2, 6)
    np.testing.assert_allclose(first, again[:, new], atol=1e-6)


def test_swapping_left_and_right_throughout_changes_nothing_but_the_habits(method):
    rows = rows_of()
    first = run(method, table(rows))
    again = run(method, table([(b, a, w, SWAPPED[o], g) for a, b, w, o, g in rows]))
    np.testing.assert_allclose(first.scores, again.scores, atol=1e-6)
    np.testing.assert_allclose(first.errors, again.errors, atol=1e-6)
    np.testing.assert_allclose(first.reliability, again.reliability, atol=1e-6)
    np.testing.assert_allclose(first.habits, again.habits[:, [1, 0, 2]], atol=1e-6)


def test_doubled_rows_are_more_evidence_for_the_same_order():
    rows = rows_of(n=800)
    once, twice = (run(bradley_terry, table(r), spread=1e6) for r in (rows, rows + rows))
    np.testing.assert_allclose(once.scores, twice.scores, atol=1e-2)
    np.testing.assert_allclose(once.errors / np.sqrt(2), twice.errors, rtol=1e-2)


def test_a_worker_copied_under_another_name_is_as_reliable():
    rows = rows_of()
    found = run(crowd_bradley_terry, table(rows + [(a, b, 99, o, g) for a, b, w, o, g in rows if w == 3]))
    assert found.reliability[-1] == pytest.approx(found.reliability[3], abs=1e-9)


def test_one_worker_is_believed(method):
    rows = [(a, b, "w", "left", 0) for a, b in itertools.combinations(range(5), 2)]
    assert run(method, table(rows)).order.tolist() == [0, 1, 2, 3, 4]


def test_one_comparison(method):
    found = run(method, table([("a", "b", "w", "right", "q")]))
    assert found.order.tolist() == [1, 0]
    assert found.scores[1] == pytest.approx(-found.scores[0])
    assert 0.5 < found.compare(1, 0).left_is_better[0] < 0.9


def test_no_comparisons_at_all(method):
    found = run(method, table([], item_ids=[("q", "b"), ("q", "a")], worker_ids=["w"]))
    assert found.scores.tolist() == [0, 0]
    assert found.order.tolist() == [0, 1]
    assert len(run(method, table([])).scores) == 0


def test_an_item_never_compared_is_average_and_unsure(method):
    rows = [(a, b, w, "left", "q") for a, b in itertools.combinations("abc", 2) for w in range(6)]
    found = run(method, table(rows, item_ids=[("q", item) for item in "abcd"]))
    assert found.errors.argmax() == 3
    assert found.scores[0] > found.scores[3] > found.scores[2]


def test_a_flawless_order_and_a_group_apart_stay_finite(method):
    rows = [(a, b, w, "left", 0) for a, b in itertools.combinations(range(8), 2) for w in range(20)]
    rows += [(0, 1, 0, "right", 1), (2, 3, 0, "right", 1)]
    found = run(method, table(rows))
    assert np.abs(found.scores).max() < 60
    assert found.order[:8].tolist() == list(range(8))


def test_perfect_ties_are_ordered_by_the_lowest_code(method):
    rows = [("b", "a", w, "tie", 0) for w in range(3)] + [("a", "c", 0, "left", 0), ("b", "c", 0, "left", 0)]
    found = run(method, table(rows))
    assert found.scores[0] == pytest.approx(found.scores[1], abs=1e-9)
    assert found.order.tolist() == [0, 1, 2]
    everything = run(method, table([("b", "a", w, "tie", 0) for w in range(9)]))
    assert everything.scores.tolist() == [0, 0]


@pytest.mark.parametrize(
    ("row", "options", "sentence"),
    [
        (("a", "b", 0, "draw", 0), {}, r"^outcomes: 'draw' is not one of the 3 outcomes \('left', 'right', 'tie'\)"),
        (("a", "a", 0, "left", 0), {}, r"^right: item .* is compared with itself; drop that row\.$"),
        (("a", "b", 0, "left", 0), {"item_ids": [(0, "a")]}, r"^items: \(0, 'b'\) is not one of the 1 item"),
        (("a", "b", None, "left", 0), {}, r"^workers: an id is missing"),
    ],
)
def test_bad_rows_are_refused_in_one_sentence(row, options, sentence):
    with pytest.raises(ValueError, match=sentence):
        table([row], **options)


def test_other_refusals():
    with pytest.raises(
        ValueError, match=r"^left, right, workers and outcomes must be equally long, not 1, 1, 0 and 1\.$"
    ):
        Comparisons.from_rows(["a"], ["b"], [], ["left"])
    with pytest.raises(ValueError, match=r"^spread must be above 0, not 0\.$"):
        bradley_terry(table(rows_of()), spread=0)
    with pytest.raises(ValueError, match="of different groups; drop that row"):
        Comparisons.from_codes([0], [1], [0], [0], 2, 1, np.array([0, 1]))


# ---- planted crowds


@pytest.mark.parametrize("clickers", [0.0, 0.3, 0.5])
def test_errors_cover_the_truth_and_clickers_are_seen(clickers):
    inside, gaps = [], []
    for seed in range(6):
        crowd, scores, looks = pair_crowd(clickers=clickers, seed=seed)
        found = run(crowd_bradley_terry, crowd)
        inside.append((np.abs(found.scores - scores) < 1.96 * found.errors).mean())
        if clickers:
            gaps.append(found.reliability[looks > 0.5].mean() - found.reliability[looks < 0.5].mean())
    assert 0.90 <= np.mean(inside) <= 0.99
    assert not clickers or np.mean(gaps) > 0.4


def test_the_probability_that_left_is_better_is_a_frequency():
    said, right = [], []
    for seed in range(6):
        crowd, scores, _ = pair_crowd(n_items=20, n_groups=2, n=700, clickers=0.3, seed=seed)
        found = run(crowd_bradley_terry, crowd)
        left, other = (half.ravel() for half in np.triu_indices(20, 1))
        said.append(found.compare(left, other).left_is_better)
        right.append(scores[left] > scores[other])
    said, right = np.concatenate(said), np.concatenate(right)
    for low in np.arange(0, 1, 0.2):
        here = (said >= low) & (said < low + 0.2)
        assert abs(said[here].mean() - right[here].mean()) < 0.1


def test_a_careful_minority_beats_clickers():
    crowd, scores, _ = pair_crowd(n=3000, clickers=0.6, seed=3)
    order_of = {method: run(method, crowd).scores for method in METHODS}
    same = crowd.group_of_item[:, None] == crowd.group_of_item
    true = np.sign(scores[:, None] - scores)[same]
    right = {m: (np.sign(s[:, None] - s)[same] == true).mean() for m, s in order_of.items()}
    assert right[crowd_bradley_terry] > right[bradley_terry] + 0.02


def test_workers_who_answer_the_wrong_way_round_are_seen_and_left_out():
    right, looks = {method: [] for method in METHODS}, []
    for seed in range(4):
        crowd, scores, _ = pair_crowd(seed=seed)
        liar = crowd.worker < 6
        said = np.where(liar & (crowd.outcome < 2), 1 - crowd.outcome, crowd.outcome)
        rows = np.repeat(np.arange(len(said)), crowd.times.astype(int))
        columns = [column[rows] for column in (crowd.left, crowd.right, crowd.worker, said)]
        turned = Comparisons.from_codes(*columns, crowd.n_items, crowd.n_workers, crowd.group_of_item)
        same = crowd.group_of_item[:, None] == crowd.group_of_item
        for method in METHODS:
            found = run(method, turned)
            right[method].append(
                (np.sign(found.scores[:, None] - found.scores) == np.sign(scores[:, None] - scores))[same]
            )
        looks.append(found.reliability)
    assert np.mean(right[crowd_bradley_terry]) > np.mean(right[bradley_terry]) + 0.05
    assert np.mean(looks, axis=0)[:6].max() < 0.2 < 0.7 < np.mean(looks, axis=0)[6:].min()


def test_chances_of_a_new_comparison_sum_to_one():
    found = run(crowd_bradley_terry, table(rows_of()))
    chances = found.compare(np.arange(5), np.arange(1, 6))
    np.testing.assert_allclose(chances.left + chances.right + chances.tie, 1, atol=1e-12)
    swapped = found.compare(np.arange(1, 6), np.arange(5))
    np.testing.assert_allclose(chances.left, swapped.right, atol=1e-12)
    np.testing.assert_allclose(chances.left_is_better, 1 - swapped.left_is_better, atol=1e-12)


def test_many_items_in_one_group_and_in_many_groups():
    for n_items, n_groups in ((900, 1), (3, 300)):
        crowd, scores, _ = pair_crowd(n_items=n_items, n_groups=n_groups, n=20_000, n_workers=50, clickers=0.2)
        found = run(crowd_bradley_terry, crowd)
        assert np.corrcoef(found.scores, scores)[0, 1] > 0.9
        assert 0.9 < (np.abs(found.scores - scores) < 1.96 * found.errors).mean() < 0.99


def test_worth_is_the_gain_of_one_gaussian_observation_where_the_order_may_be_wrong():
    found = run(crowd_bradley_terry, table(rows_of()))
    error, step = found._gap_errors(np.array([0]), np.array([1]))[0], 1e-4
    gap = found.scores[0] - found.scores[1] + np.array([-step, 0.0, step])
    below, at, above = np.log(probabilities(gap, np.full(3, found.crowd_tie_weight))).T
    information = -(np.exp(at) * (above - 2 * at + below)).sum() / step**2
    sure = found.compare(0, 1).left_is_better[0]
    expected = min(sure, 1 - sure) * np.log1p(information * error**2) / 2
    assert found.worth(0, 1)[0] == pytest.approx(expected, rel=1e-4)
    np.testing.assert_allclose(found.worth([0, 2], [1, 3]), found.worth([1, 3], [0, 2]), atol=1e-12)


def test_differences_of_very_many_items_are_solved_alike(monkeypatch):
    crowd, *_ = pair_crowd(n_items=30, n_groups=2, n=900)
    found = run(crowd_bradley_terry, crowd)
    exact = found.compare([0, 31], [5, 40])
    monkeypatch.setattr("consensus.core.pairs.pairwise.MAX_FACTORED", 10)
    np.testing.assert_allclose(run(crowd_bradley_terry, crowd).compare([0, 31], [5, 40]), exact, atol=1e-6)


def test_asking_the_worthiest_pairs_orders_better_than_asking_at_random():
    """Twenty items, 60 comparisons to begin with, 12 rounds of ten more; the same answers a pair would get."""
    right = {True: [], False: []}
    left, other = np.triu_indices(20, 1)
    for seed, worthiest in itertools.product(range(8), right):
        rng = np.random.default_rng(seed)
        scores = np.linspace(-2, 2, 20)[rng.permutation(20)]
        asked = rng.integers(0, len(left), 60)
        said = _answers(rng, scores, left[asked], other[asked])
        for _ in range(12):
            data = Comparisons.from_codes(left[asked], other[asked], np.zeros(len(asked), int), said, 20, 1)
            worth = bradley_terry(data).worth(left, other) if worthiest else rng.random(len(left))
            new = np.argsort(-worth, kind="stable")[:10]
            asked, said = np.append(asked, new), np.append(said, _answers(rng, scores, left[new], other[new]))
        found = bradley_terry(Comparisons.from_codes(left[asked], other[asked], np.zeros(len(asked), int), said, 20, 1))
        right[worthiest].append(((found.scores[left] > found.scores[other]) == (scores[left] > scores[other])).mean())
    assert np.mean(right[True]) > np.mean(right[False]) + 0.01


def _answers(rng, scores, left, right):
    chances = probabilities(scores[left] - scores[right], np.full(len(left), -1.0))
    return (rng.random(len(left)) > chances.cumsum(axis=0)[:2]).sum(axis=0)
