"""Grades and rating agreement."""

import itertools
import warnings

import numpy as np
import pytest
from scipy.stats import logistic

from consensus.core import (
    Votes,
    auto,
    cohen_kappa,
    dawid_skene,
    decide,
    grade,
    majority_vote,
    publish_prior,
    publish_tables,
    rating_agreement,
)
from consensus.core.labels.ordinal import FLOOR, LOSSES, Model, answer_cells, decide_grades, weighted_kappas
from tests.core.crowds_other import grade_crowd


def rows_of(n_items=60, n_workers=9, n_grades=4, per_item=4, seed=0, **options):
    votes, _ = grade_crowd(n_items, n_workers, per_item, n_grades, seed=seed, **options)
    return list(zip(votes.item_codes.tolist(), votes.worker_codes.tolist(), votes.answer_codes.tolist(), strict=True))


def run(rows, labels=range(4), loss="absolute", **options):
    """Grade with every warning an error; check what any result must satisfy."""
    gold = options.pop("gold", None)
    votes = Votes.from_rows(*([row[i] for row in rows] for i in range(3)), labels=list(labels), **options)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = grade(votes, loss, gold=gold)
    assert found.posteriors.shape == (votes.n_items, votes.n_labels)
    np.testing.assert_allclose(found.posteriors.sum(axis=1), 1, atol=1e-9)
    assert found.confusion.shape == (votes.n_workers, votes.n_labels, votes.n_labels)
    np.testing.assert_allclose(found.confusion.sum(axis=2), 1, atol=1e-9)
    for array in (found.posteriors, found.expected_loss, found.bias, found.noise, found.kappa, found.positions):
        assert np.isfinite(array).all()
    return votes, found


# ---- against independent references


def test_cells_are_differences_of_the_logistic_distribution():
    model = Model(np.array([0.3, -1.0]), np.log([0.5, 2.0]), np.array([0.1, 1.0, 2.2]))
    chances, by_place, by_noise = answer_cells(model)
    for w, k in itertools.product(range(2), range(3)):
        seen = logistic(model.positions[k] + model.bias[w], np.exp(model.log_noise[w]))
        expected = [seen.cdf(0.5), seen.cdf(1.5) - seen.cdf(0.5), seen.sf(1.5)]
        np.testing.assert_allclose(chances[w, k], (1 - FLOOR) * np.array(expected) + FLOOR / 3, atol=1e-12)
    up = Model(model.bias + 1e-6, model.log_noise, model.positions)
    wide = Model(model.bias, model.log_noise + 1e-6, model.positions)
    np.testing.assert_allclose((answer_cells(up)[0] - chances) / 1e-6, by_place, atol=1e-5)
    np.testing.assert_allclose((answer_cells(wide)[0] - chances) / 1e-6, by_noise, atol=1e-5)


@pytest.mark.parametrize("loss", LOSSES)
def test_decisions_have_the_least_expected_loss_of_all(loss):
    posteriors = np.random.default_rng(0).dirichlet(np.full(5, 0.4), 200)
    price = {"absolute": abs, "squared": lambda d: d * d, "exact": lambda d: float(d != 0)}[loss]
    for p, chosen, expected in zip(posteriors, *decide_grades(posteriors, loss), strict=True):
        costs = [sum(p[k] * price(g - k) for k in range(5)) for g in range(5)]
        assert costs[chosen] == pytest.approx(min(costs), abs=1e-8)
        assert expected == pytest.approx(costs[chosen])


def test_ties_go_to_the_lower_grade():
    assert decide_grades(np.array([[0.5, 0.0, 0.5]]), "absolute")[0].tolist() == [0]
    assert decide_grades(np.array([[0.5, 0.5]]), "squared")[0].tolist() == [0]
    assert decide_grades(np.array([[0.2, 0.4, 0.4]]), "exact")[0].tolist() == [1]


def test_weighted_kappa_equals_cohens():
    rng = np.random.default_rng(0)
    a, b = rng.integers(0, 4, 50), rng.integers(0, 4, 50)
    counts = np.zeros((2, 4, 4))
    np.add.at(counts[0], (a, b), 1)
    kappas = weighted_kappas(counts)
    assert kappas[0] == pytest.approx(cohen_kappa(a, b, 4, "quadratic"))
    assert kappas[1] == 0


def test_rating_agreement_by_all_pairs():
    rng = np.random.default_rng(0)
    item, worker, value = rng.integers(0, 6, 30), rng.integers(0, 4, 30), rng.uniform(1, 5, 30)
    found = rating_agreement(item, worker, value, 1, 5, 8, 4)
    pairs = [(a, b) for a, b in itertools.permutations(range(30), 2) if item[a] == item[b]]
    for code in range(8):
        close = [1 - abs(value[a] - value[b]) / 4 for a, b in pairs if item[a] == code]
        assert found.item[code] == pytest.approx(np.mean(close) if close else np.nan, nan_ok=True)
    for code in range(4):
        close = [1 - abs(value[a] - value[b]) / 4 for a, b in pairs if worker[a] == code]
        assert found.worker[code] == pytest.approx(np.mean(close))


def test_rating_agreement_refuses():
    with pytest.raises(ValueError, match=r"^value: all values must lie on the scale from 1 to 5, low below high\.$"):
        rating_agreement([0], [0], [6], 1, 5, 1, 1)
    with pytest.raises(ValueError, match=r"^item, worker and value must be equally long\.$"):
        rating_agreement([0], [0, 1], [3], 1, 5, 1, 1)
    assert np.isnan(rating_agreement([], [], [], 1, 5, 2, 1).item).all()


# ---- what every method must keep


def test_bit_equal_on_repeat_and_for_any_row_order():
    rows = rows_of()
    _, first = run(rows)
    for order in (rows, rows[::-1], [rows[i] for i in np.random.default_rng(1).permutation(len(rows))]):
        _, again = run(order)
        assert np.array_equal(first.posteriors, again.posteriors)
        assert np.array_equal(first.bias, again.bias)


@pytest.mark.parametrize("convert", [str, float, lambda n: ("id", n), lambda n: f"{n:05d}"])
def test_the_type_of_ids_does_not_matter(convert):
    rows = rows_of()
    votes, first = run(rows)
    other, again = run([(convert(i), convert(w), a) for i, w, a in rows])
    place = {item: code for code, item in enumerate(other.item_ids.tolist())}
    order = [place[convert(item)] for item in votes.item_ids.tolist()]
    np.testing.assert_allclose(first.posteriors, again.posteriors[order], atol=1e-6)


def test_turning_the_scale_around_mirrors_the_posteriors():
    rows = rows_of()
    _, first = run(rows)
    _, again = run([(i, w, 3 - a) for i, w, a in rows])
    np.testing.assert_allclose(first.posteriors, again.posteriors[:, ::-1], atol=1e-6)
    np.testing.assert_allclose(first.bias, -again.bias, atol=1e-6)


def test_doubled_rows_are_kept_or_reduced():
    rows = rows_of()
    _, once = run(rows)
    _, twice = run(rows + rows, repeats="last")
    assert np.array_equal(once.posteriors, twice.posteriors)
    run(rows + rows)


def test_a_worker_copied_under_another_name_gets_the_same_skill():
    rows = rows_of()
    _, found = run(rows + [(i, 99, a) for i, w, a in rows if w == 0])
    assert found.bias[-1] == pytest.approx(found.bias[0], abs=1e-9)
    assert found.noise[-1] == pytest.approx(found.noise[0], abs=1e-9)
    assert found.kappa[-1] == pytest.approx(found.kappa[0], abs=1e-9)


def test_one_worker_is_believed():
    _, found = run([(item, 7, item % 4) for item in range(16)])
    assert found.grades.tolist() == [item % 4 for item in range(16)]


def test_one_answer_one_label_and_none():
    assert run([("x", "w", 2)])[1].grades.tolist() == [2]
    assert run([(i, w, 0) for i in range(3) for w in range(2)], labels=[0])[1].posteriors.tolist() == [[1.0]] * 3
    assert run([], item_ids=["a"], worker_ids=["w"])[1].kappa.tolist() == [0.0]
    assert len(run([])[1].grades) == 0


def test_an_item_without_answers_follows_the_prior():
    rows = rows_of()
    _, found = run(rows, item_ids=list(range(61)), worker_ids=list(range(10)))
    assert found.posteriors[60].max() < 0.8
    assert found.expected_loss[60] > 1.3 * found.expected_loss[:60].mean()
    assert found.bias[9] == 0


def test_everybody_agrees():
    _, found = run([(item, worker, item % 4) for item in range(40) for worker in range(4)])
    assert found.grades.tolist() == [item % 4 for item in range(40)]
    assert found.posteriors.max(axis=1).min() > 0.6
    np.testing.assert_allclose(found.kappa, 1, atol=0.2)


def test_gold_is_clamped():
    rows = rows_of()
    gold = np.full(60, -1)
    gold[:5] = [3, 0, 3, 0, 3]
    _, found = run(rows, gold=gold)
    assert found.grades[:5].tolist() == [3, 0, 3, 0, 3]
    np.testing.assert_allclose(found.confidence[:5], 1)


def test_refusals():
    with pytest.raises(ValueError, match=r"^answers: 'good' is not one of the 4 labels"):
        run([("a", "w", "good")])
    with pytest.raises(ValueError, match=r'^loss must be one of absolute, squared, exact, not "log"\.$'):
        run(rows_of(), loss="log")
    with pytest.raises(ValueError, match=r"^gold must be 60 label codes"):
        run(rows_of(), gold=np.zeros(3, dtype=int))


# ---- planted crowds


@pytest.mark.parametrize(
    "options",
    [{}, {"per_item": 3}, {"n_grades": 10, "per_item": 5}, {"n_workers": 100}, {"clickers": 0.3}, {"n_items": 60}],
    ids=str,
)
def test_nearer_to_the_truth_than_categorical_methods_and_the_mean(options):
    errors = []
    for seed in range(4):
        votes, truth = grade_crowd(seed=seed, **options)
        mean = np.rint(votes.counts @ np.arange(votes.n_labels) / votes.votes_per_item)
        guesses = [grade(votes).grades, mean, *(m(votes).labels for m in (majority_vote, dawid_skene, auto))]
        errors.append([np.abs(guess - truth).mean() for guess in guesses])
    ours, mean, *categorical = np.mean(errors, axis=0)
    assert ours < 0.95 * mean
    assert ours < 0.75 * min(categorical)


def test_bias_and_noise_of_workers_are_found():
    rng = np.random.default_rng(0)
    truth, bias = rng.integers(0, 7, 400), np.array([-1.0, 0.0, 1.0, 0.0, 0.0])
    rows = [
        (i, w, int(np.clip(np.rint(truth[i] + bias[w] + rng.normal(0, 0.4 if w < 4 else 2)), 0, 6)))
        for i in range(400)
        for w in range(5)
    ]
    _, found = run(rows, labels=range(7))
    np.testing.assert_allclose(found.bias[:4] - found.bias[:4].mean(), bias[:4], atol=0.25)
    assert found.noise[4] > 2 * found.noise[:4].max()
    assert found.kappa.argmin() == 4


def test_expected_error_is_not_below_the_real_one_on_an_independent_crowd():
    votes, truth = grade_crowd(n_items=800, seed=1)
    found = grade(votes)
    assert np.abs(found.grades - truth).mean() < found.expected_loss.mean() < 0.6


@pytest.mark.parametrize("options", [{}, {"n_grades": 10}, {"clickers": 0.3}], ids=str)
def test_the_integer_rule_follows_with_published_tables(options):
    votes, truth = grade_crowd(n_items=600, **options)
    found = grade(votes, "exact")
    decided = decide(votes, publish_tables(found.confusion), publish_prior(found.prior)).labels
    assert (decided == found.grades).mean() > 0.92
    assert np.abs(decided - truth).mean() < np.abs(found.grades - truth).mean() + 0.03


def test_a_newcomer_gets_the_pooled_matrix():
    votes, truth = grade_crowd(n_items=600, n_workers=40, bias=0.0, noise=(0.6, 0.61))
    found = grade(votes)
    met = np.zeros((5, 5))
    np.add.at(met, (truth[votes.item_codes], votes.answer_codes), 1)
    assert np.abs(found.pooled - met / met.sum(axis=1, keepdims=True)).max() < 0.1
