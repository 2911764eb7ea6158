import warnings
from dataclasses import replace

import numpy as np
import pytest

from consensus.core.sets.losses import choose_sets, expected_f1
from consensus.core.sets.multilabel import decide_sets, fit_sets, multilabel
from consensus.core.sets.set_sizes import sizes_by_profile
from consensus.core.sets.sets import Sets, jaccard, masi, set_agreement

LABELS = ["ant", "bee", "cat", "dog"]


def planted(n_items=120, n_workers=15, n_labels=4, per_item=5, seed=0, together=False, sensitivity=(0.5, 0.95)):
    """Rows (item, worker, set) drawn from known rates, and the truth (I, L)."""
    rng = np.random.default_rng(seed)
    share = np.full((1, n_labels), 0.25)
    if together:
        share = np.where(rng.random((3, n_labels)) < 0.4, 0.9, 0.03)
    truth = rng.random((n_items, n_labels)) < share[rng.integers(0, len(share), n_items)]
    sees, errs = rng.uniform(*sensitivity, n_workers), rng.uniform(0.01, 0.12, n_workers)
    rows = []
    for item in range(n_items):
        for worker in rng.choice(n_workers, per_item, replace=False):
            chosen = rng.random(n_labels) < np.where(truth[item], sees[worker], errs[worker])
            rows.append((item, int(worker), np.flatnonzero(chosen).tolist()))
    return rows, truth


def sets_of(rows, labels=range(4), **options):
    return Sets.from_rows(*([row[i] for row in rows] for i in range(3)), labels=list(labels), **options)


def run(rows, labels=range(4), **options):
    sets = sets_of(rows, labels, **options)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        result = multilabel(sets)
    assert result.posteriors.shape == result.chosen.shape == (sets.n_items, sets.n_labels)
    for table in (result.posteriors, result.item_confidence, result.skills.sensitivity, result.skills.specificity):
        assert np.isfinite(table).all()
        assert ((table >= 0) & (table <= 1)).all()
    return result


def test_bit_equal_on_repeat_and_for_any_row_order():
    rows, _ = planted()
    rows += [(0, row[1], [3]) for row in rows if row[0] == 0]  # repeats of a pair, with other sets
    first = run(rows)
    for order in (rows, rows[::-1], [rows[i] for i in np.random.default_rng(1).permutation(len(rows))]):
        assert np.array_equal(run([(i, w, s[::-1]) for i, w, s in order]).posteriors, first.posteriors)


@pytest.mark.parametrize("name", [str, lambda x: (x, "id"), lambda x: 10**12 + x], ids=["text", "tuple", "large"])
def test_the_type_of_ids_does_not_matter(name):
    rows, _ = planted()
    other = run(
        [(name(i), name(w), [LABELS[x] for x in s]) for i, w, s in rows], LABELS, item_ids=[name(i) for i in range(120)]
    )
    assert other.sets() == [[LABELS[x] for x in found] for found in run(rows).sets()]


def test_relabelling_only_renames():
    rows, _ = planted(together=True)
    new = [2, 0, 3, 1]
    renamed = run([(i, w, [new[x] for x in s]) for i, w, s in rows])
    np.testing.assert_allclose(renamed.posteriors[:, new], run(rows).posteriors, atol=1e-6)


def test_a_copied_worker_counts_once_more_and_gets_the_same_skill():
    rows, _ = planted()
    result = run(rows + [(i, 99, s) for i, w, s in rows if w == 3])
    skills = result.skills
    assert np.array_equal(skills.sensitivity[3], skills.sensitivity[skills.worker_ids.tolist().index(99)])


def test_answers_of_one_worker_to_one_item_share_the_weight_of_one():
    rows, _truth = planted()
    once, doubled = run(rows), run(rows * 2)
    np.testing.assert_allclose(doubled.posteriors, once.posteriors, atol=1e-9)
    assert not np.allclose(run(rows * 2, repeats="keep").posteriors, once.posteriors, atol=1e-3)
    undecided = sets_of([(0, 0, [1, 2]), (0, 0, [1]), (0, 1, [])])
    assert undecided.weights.tolist() == [0.5, 0.5, 1]
    assert undecided.chosen_by_item.tolist() == [[0, 1, 0.5, 0]]
    assert undecided.answers_per_item.tolist() == [2]
    assert undecided.looks.toarray().tolist() == [[1, 1]]
    assert undecided.empty_by_item.tolist() == [1]


def test_doubled_rows_that_are_kept_keep_the_decisions_of_clear_items():
    rows, _truth = planted(sensitivity=(0.9, 0.97))
    assert (run(rows * 2, repeats="keep").chosen == run(rows).chosen).mean() > 0.99


@pytest.mark.parametrize(
    "rows",
    [
        [],
        [(0, 0, [])],
        [(0, 0, [1])],
        [(0, 0, [0, 1, 2, 3])],
        [(i, 0, [i % 4]) for i in range(8)],  # one worker
        [(i, w, []) for i in range(5) for w in range(3)],  # nobody ever chooses
        [(i, w, [0, 1, 2, 3]) for i in range(5) for w in range(3)],  # everybody chooses all
    ],
)
def test_small_crowds_give_sound_results(rows):
    run(rows)
    run([(i, w, [0] * len(s)) for i, w, s in rows], labels=[0])  # one label


def test_an_item_without_answers_stands_by_the_prevalence():
    rows, _ = planted()
    result = run(rows, item_ids=list(range(121)))
    assert not result.chosen[120].any()
    np.testing.assert_allclose(result.posteriors[120], result.skills.prevalence, atol=0.05)


def test_ties_leave_the_label_out():
    assert choose_sets(np.array([[0.5, 0.5 + 1e-12, 0.6]])).tolist() == [[False, False, True]]
    assert choose_sets(np.array([[0.6, 0.6]]), "f1").tolist() == [[True, True]]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"answers": [["eel"]]}, "answers: 'eel' is not one of the 4 labels"),
        ({"answers": ["ant"]}, "answers: each must be a collection of labels, not 'ant'"),
        ({"answers": [3]}, "answers: each must be a collection"),
        ({"items": [1, 2]}, "must be equally long"),
        ({"items": [None]}, "items: an id is missing"),
        ({"repeats": "often"}, "repeats must be"),
    ],
)
def test_bad_rows_are_refused_in_one_sentence(change, message):
    good = {"items": [1], "workers": [1], "answers": [["ant"]], "labels": LABELS}
    with pytest.raises(ValueError, match=message):
        Sets.from_rows(**{**good, **change})


def test_bad_arguments_are_refused():
    sets = sets_of(planted()[0])
    with pytest.raises(ValueError, match="gold must be a table of 120 items x 4 labels"):
        multilabel(sets, gold=np.zeros((3, 4), dtype=int))
    with pytest.raises(ValueError, match='loss must be "hamming" or "f1"'):
        multilabel(sets, loss="taste")
    with pytest.raises(ValueError, match="skills have other labels"):
        decide_sets(multilabel(sets).skills, sets_of([(0, 0, ["ant"])], LABELS))


def test_repeats_keep_last_or_refuse():
    rows = [(0, 0, [1]), (0, 0, [2, 3]), (1, 0, [])]
    assert sets_of(rows).n_answers == 3
    assert sets_of(rows, repeats="last").chosen_by_item.tolist() == [[0, 0, 1, 1], [0, 0, 0, 0]]
    with pytest.raises(ValueError, match="worker 0 answers item 0 more than once"):
        sets_of(rows, repeats="refuse")


def test_a_label_named_twice_counts_once():
    assert np.array_equal(run([(0, 0, [1, 1])]).posteriors, run([(0, 0, [1])]).posteriors)


def test_learned_rates_find_labels_that_the_majority_misses():
    """Workers see a true label two times of five and invent one in fifty: two of five who say so are right."""
    rows, truth = planted(400, 20, 6, 5, sensitivity=(0.3, 0.5))
    result = run(rows, range(6))
    majority = result_of_majority(rows, 6)
    ours, theirs = (result.chosen == truth).mean(), (majority == truth).mean()
    assert ours > theirs + 0.03
    assert abs(result.skills.sensitivity.mean() - 0.4) < 0.1
    assert result.skills.specificity.mean() > 0.9


def test_labels_that_go_together_help_each_other():
    rows, truth = planted(400, 20, 8, 3, together=True, sensitivity=(0.4, 0.7))
    sets = sets_of(rows, range(8))
    alone, together = (fit_sets(sets, m).log_odds > 0 for m in (1, 9))
    assert (together == truth).mean() > (alone == truth).mean() + 0.01
    assert (multilabel(sets).chosen == truth).mean() > (alone == truth).mean()


def test_confidence_means_what_it_says():
    rows, truth = planted(600, 25, 6, 5, together=True)
    result = run(rows, range(6))
    right = result.chosen == truth
    assert abs(result.confidence.mean() - right.mean()) < 0.05
    exact = right.all(axis=1)
    assert abs(result.item_confidence.mean() - exact.mean()) < 0.15
    assert exact[result.item_confidence > 0.8].mean() > 0.85


def test_a_skill_is_shared_by_labels():
    """A worker who is careless on three labels is trusted less on the fourth, where she has answered nothing yet."""
    rng = np.random.default_rng(0)
    rows, _ = planted(300, 10, 4, 5, sensitivity=(0.85, 0.95))
    rows += [(i, 77, rng.choice(3, 2, replace=False).tolist()) for i in range(0, 300, 3)]
    skills = run(rows).skills
    careless = skills.worker_ids.tolist().index(77)
    assert skills.overall[careless, 0] < skills.overall[:10, 0].min()
    assert skills.specificity[careless].mean() < skills.specificity[:10].mean()


def test_gold_is_kept_and_teaches():
    rows, truth = planted(200, 12, 4, 3)
    gold = np.where(np.arange(200)[:, None] < 60, truth, -1).astype(int)
    result = multilabel(sets_of(rows), gold=gold)
    assert (result.chosen[:60] == truth[:60]).all()
    assert (result.confidence[:60] == 1).all()


def test_skills_decide_new_answers_and_strangers_count_as_the_crowd():
    rows, truth = planted(300, 12, 4, 5)
    skills = run([row for row in rows if row[0] < 200]).skills
    later = [row for row in rows if row[0] >= 200]
    decided = decide_sets(skills, sets_of(later))
    assert (decided.chosen == truth[200:]).mean() > 0.93
    strangers = decide_sets(skills, sets_of([(i, w + 1000, s) for i, w, s in later]))
    assert (strangers.chosen == truth[200:]).mean() > 0.9


def test_new_answers_keep_to_the_number_of_labels_that_items_have():
    """Everybody names one label, and some labels are often taken for another: two on one item are less likely than they look."""
    rng = np.random.default_rng(8)
    truth = rng.integers(0, 4, 1200)
    chance = np.full((4, 4), 0.05) + 0.45 * np.eye(4) + 0.35 * np.eye(4)[[1, 0, 3, 2]]
    rows = [(i, w, [int(rng.choice(4, p=chance[truth[i]]))]) for i in range(1200) for w in rng.permutation(12)[:4]]
    skills = multilabel(sets_of([row for row in rows if row[0] < 600])).skills
    assert skills.sizes[1] > 0.95
    assert skills.sizes.sum() == pytest.approx(1, abs=1e-9)
    later = sets_of([row for row in rows if row[0] >= 600])
    free = replace(skills, sizes=sizes_by_profile(skills.prevalence[None])[0])
    right = np.eye(4, dtype=bool)[truth[600:]]
    kept, lost = ((decide_sets(how, later).chosen == right).all(axis=1).mean() for how in (skills, free))
    assert kept > lost + 0.03


def test_the_published_confusion_is_of_rates():
    skills = run(planted()[0]).skills
    assert skills.confusion.shape == (15, 4, 2, 2)
    np.testing.assert_allclose(skills.confusion.sum(axis=3), 1)
    assert np.array_equal(skills.confusion[:, :, 1, 1], skills.sensitivity)


def test_expected_f1_by_hand_and_by_all_sets():
    chances = np.array([[0.9, 0.6, 0.2]])
    outcomes = np.array([[(n >> k) & 1 for k in range(3)] for n in range(8)])
    weight = np.prod(np.where(outcomes, chances, 1 - chances), axis=1)
    for k in range(4):
        chosen = np.arange(3) < k
        size = chosen.sum() + outcomes.sum(axis=1)
        f1 = np.where(size > 0, 2 * (outcomes & chosen).sum(axis=1) / np.maximum(size, 1), 1)
        assert expected_f1(chances)[0, k] == pytest.approx(weight @ f1)
    assert choose_sets(np.array([[0.4, 0.4, 0.01]]), "f1").tolist() == [[True, True, False]]  # hamming takes none
    assert choose_sets(np.array([[0.05, 0.02, 0.01]]), "f1").tolist() == [[False, False, False]]


def test_agreement_of_sets():
    a = np.array([[1, 1, 0], [1, 0, 0], [0, 0, 0], [1, 1, 0], [1, 0, 0]], dtype=bool)
    b = np.array([[1, 1, 0], [1, 1, 0], [0, 0, 0], [0, 1, 1], [0, 1, 0]], dtype=bool)
    assert jaccard(a, b).tolist() == pytest.approx([1, 1 / 2, 1, 1 / 3, 0])
    assert masi(a, b).tolist() == pytest.approx([1, 1 / 3, 1, 1 / 9, 0])
    rows = [(0, 0, [0]), (0, 1, [0]), (0, 2, [0, 1]), (1, 0, [])]
    agreement = set_agreement(sets_of(rows))
    assert agreement.by_item()[0] == pytest.approx((1 + 1 / 3 + 1 / 3) / 3)
    assert np.isnan(agreement.by_item()[1])
    assert agreement.by_worker().tolist() == pytest.approx([2 / 3, 2 / 3, 1 / 3])


def result_of_majority(rows, n_labels):
    sets = sets_of(rows, range(n_labels))
    return sets.chosen_by_item > sets.answers_per_item[:, None] / 2


def test_labels_that_nobody_chose_cost_nothing_and_change_nothing():
    rows, _ = planted()
    few, many = run(rows), run(rows, labels=range(600))
    np.testing.assert_array_equal(many.posteriors[:, :4], few.posteriors)
    assert many.sets() == few.sets()
    np.testing.assert_array_equal(many.item_confidence, few.item_confidence)
    assert many.posteriors[:, 4:].max() < 0.01
    again = decide_sets(many.skills, sets_of(rows, labels=range(600)))
    assert (again.chosen[:, :4] == few.chosen).mean() > 0.97
    assert not again.chosen[:, 4:].any()
    gold = np.full((120, 6), -1)
    gold[:, 5] = 0
    gold[7, 4] = 1
    known = multilabel(sets_of(rows, labels=range(6)), gold=gold)
    assert known.chosen[7, 4]
    assert (known.posteriors[:, 5] == 0).all()
