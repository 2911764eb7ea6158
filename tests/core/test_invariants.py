"""What every categorical method must keep. A new method joins by its line in consensus/core/labels/methods.py."""

import warnings

import numpy as np
import pytest

from consensus.core import Votes, decide, learn_skills, publish_prior, publish_tables
from consensus.core.labels.methods import CATEGORICAL

METHODS = list(CATEGORICAL.items())
LABELS = ["ant", "bee", "cat"]


def rows_of(n_items=60, n_workers=9, n_labels=3, per_item=5, seed=0):
    """Rows (item, worker, answer) of careful and careless workers; codes are plain integers."""
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, n_labels, n_items)
    skill = rng.uniform(0.4, 0.95, n_workers)
    rows = []
    for item in range(n_items):
        for worker in rng.choice(n_workers, per_item, replace=False):
            answer = truth[item] if rng.random() < skill[worker] else rng.integers(0, n_labels)
            rows.append((item, int(worker), int(answer)))
    return rows


def run(method, rows, labels=range(3), **options):
    """Fit with every warning an error; check what any result must satisfy."""
    columns = [[row[i] for row in rows] for i in range(3)]
    votes = Votes.from_rows(*columns, labels=list(labels), **options)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        result = method(votes)
    assert result.posteriors.shape == (votes.n_items, votes.n_labels)
    assert np.isfinite(result.posteriors).all()
    assert result.posteriors.min(initial=0) >= 0
    np.testing.assert_allclose(result.posteriors.sum(axis=1), 1, atol=1e-9)
    assert result.skills.shape == (votes.n_workers,)
    assert ((result.skills >= 0) & (result.skills <= 1)).all()
    best = result.posteriors.max(axis=1, initial=0)
    assert (best - result.posteriors[np.arange(votes.n_items), result.labels] <= 1e-9).all()
    return votes, result


@pytest.fixture(params=METHODS, ids=[name for name, _ in METHODS])
def method(request):
    return request.param[1]


def test_bit_equal_on_repeat_and_for_any_row_order(method):
    rows = rows_of()
    _, first = run(method, rows)
    for order in (rows, rows[::-1], [rows[i] for i in np.random.default_rng(1).permutation(len(rows))]):
        _, again = run(method, order)
        assert np.array_equal(first.posteriors, again.posteriors)
        assert np.array_equal(first.skills, again.skills)


@pytest.mark.parametrize(
    "convert", [str, float, lambda n: ("id", n), lambda n: f"{n:05d}"], ids=["str", "float", "tuple", "padded"]
)
def test_the_type_of_ids_does_not_matter(method, convert):
    rows = rows_of()
    votes, first = run(method, rows)
    other, again = run(method, [(convert(i), convert(w), a) for i, w, a in rows])
    place = {item: code for code, item in enumerate(other.item_ids.tolist())}
    order = [place[convert(item)] for item in votes.item_ids.tolist()]
    np.testing.assert_allclose(first.posteriors, again.posteriors[order], atol=1e-6)
    assert (first.labels == again.labels[order]).all()


def test_renaming_labels_permutes_the_posteriors(method):
    rows, new = rows_of(), [2, 0, 1]
    _, first = run(method, rows)
    _, again = run(method, [(i, w, new[a]) for i, w, a in rows])
    np.testing.assert_allclose(first.posteriors, again.posteriors[:, new], atol=1e-6)


def test_the_same_rows_twice_are_kept_or_reduced(method):
    rows = rows_of()
    _, once = run(method, rows)
    _, twice = run(method, rows + rows, repeats="last")
    assert np.array_equal(once.posteriors, twice.posteriors)
    votes, _ = run(method, rows + rows)
    assert votes.n_votes == 2 * len(rows)


def test_a_worker_copied_under_another_name_gets_the_same_skill(method):
    rows = rows_of()
    copied = rows + [(i, 99, a) for i, w, a in rows if w == 0]
    votes, result = run(method, copied)
    codes = {worker: code for code, worker in enumerate(votes.worker_ids.tolist())}
    assert result.skills[codes[99]] == pytest.approx(result.skills[codes[0]], abs=1e-9)


def test_one_worker_is_believed(method):
    rows = [(item, 7, item % 3) for item in range(12)]
    _, result = run(method, rows)
    assert result.labels.tolist() == [item % 3 for item in range(12)]


def test_one_answer(method):
    _, result = run(method, [("x", "w", 1)])
    assert result.labels.tolist() == [1]


def test_one_label(method):
    _, result = run(method, [(i, w, 0) for i in range(3) for w in range(2)], labels=[0])
    np.testing.assert_allclose(result.posteriors, 1, atol=1e-12)


def test_no_votes_at_all(method):
    _, result = run(method, [], item_ids=["a", "b"], worker_ids=["w"])
    assert result.labels.tolist() == [0, 0]
    _, result = run(method, [])
    assert len(result.labels) == 0


def test_an_item_without_answers_is_decided_by_nothing_else_than_the_prior(method):
    rows = rows_of()
    _, first = run(method, rows, item_ids=list(range(61)), worker_ids=list(range(10)))
    assert first.posteriors[60].max() < 0.9
    _, without = run(method, rows, worker_ids=list(range(10)))
    assert (first.labels[:60] == without.labels).mean() > 0.9


def test_a_perfect_tie_goes_to_the_lowest_label_code(method):
    rows = [("a", "u", 2), ("a", "v", 1), ("b", "u", 1), ("b", "v", 2)]
    _, result = run(method, rows)
    assert result.labels.tolist() == [1, 1]


def test_everybody_agrees(method):
    rows = [(item, worker, item % 3) for item in range(30) for worker in range(4)]
    _, result = run(method, rows)
    assert result.labels.tolist() == [item % 3 for item in range(30)]
    assert result.posteriors.max(axis=1).min() > 0.6


def test_a_label_that_nobody_used_is_never_chosen(method):
    _, result = run(method, rows_of(), labels=range(4))
    assert not (result.labels == 3).any()


def test_an_unknown_label_is_refused_in_one_sentence(method):
    with pytest.raises(
        ValueError, match=r"^answers: 'dog' is not one of the 3 labels \('ant', 'bee', 'cat'\); add it"
    ) as error:
        run(method, [("a", "w", "dog")], labels=LABELS)
    assert str(error.value).count(".") == 1


def test_many_votes_on_one_item_do_not_overflow(method):
    rows = [("hot", w, w % 2) for w in range(3000)] + [("cold", w, 2) for w in range(3000)]
    _, result = run(method, rows)
    assert result.labels.tolist()[0] == 2


def test_a_careful_crowd_beats_the_votes_of_clickers(method):
    rng = np.random.default_rng(5)
    truth = rng.integers(0, 3, 200)
    rows = [(i, w, int(truth[i])) for i in range(200) for w in rng.choice(6, 2, replace=False)]
    rows += [(i, 6 + int(rng.integers(0, 3)), 0) for i in range(200)]
    _, result = run(method, [(int(i), int(w), a) for i, w, a in rows])
    assert (result.labels == truth).mean() > 0.98


def test_learned_tables_do_not_depend_on_row_order():
    rows = rows_of()
    tables = []
    for order in (rows, rows[::-1]):
        votes = Votes.from_rows(*zip(*order, strict=True), labels=[0, 1, 2])
        skills = learn_skills(votes)
        tables.append(publish_tables(skills.confusion))
        decided = decide(votes, tables[-1], publish_prior(skills.prior))
    assert np.array_equal(*tables)
    assert (decided.labels == CATEGORICAL["auto"](votes).labels).mean() > 0.95
