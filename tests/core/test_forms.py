import warnings

import numpy as np
import pytest

from consensus.core.forms import Question, merge_forms
from consensus.core.labels.ensemble import auto
from consensus.core.labels.votes import Votes

SHIRT = [
    Question("kind", "choice", labels=["shirt", "dress", "shoe"]),
    Question("sleeve", "choice", labels=["short", "long"], only_if=("kind", "shirt")),
    Question("colours", "choices", labels=["red", "blue", "green"]),
    Question("category", "taxonomy", labels=["top", "tee", "polo", "foot", "boot"], parents=[-1, 0, 0, -1, 3]),
    Question("stars", "number", bounds=(1, 5, 1)),
    Question("brand", "transcript", optional=True),
    Question("about", "text", optional=True),
]


def crowd(n_items=40, n_workers=8, per_item=4, seed=0, skill=(0.7, 0.95)):
    """Rows (item, worker, form) and the true forms."""
    rng = np.random.default_rng(seed)
    sure = rng.uniform(*skill, n_workers)
    truth = [true_form(rng) for _ in range(n_items)]
    rows = []
    for item in range(n_items):
        for worker in rng.choice(n_workers, per_item, replace=False):
            other = true_form(rng)
            form = {
                name: value if rng.random() < sure[worker] else other.get(name, value)
                for name, value in truth[item].items()
            }
            if form["kind"] != "shirt":
                form.pop("sleeve", None)
            elif "sleeve" not in form:
                form["sleeve"] = str(rng.choice(["short", "long"]))
            rows.append((item, int(worker), form))
    return rows, truth


def true_form(rng):
    form = {"kind": str(rng.choice(["shirt", "dress", "shoe"])), "stars": int(rng.integers(1, 6))}
    form["colours"] = [str(c) for c in ("red", "blue", "green") if rng.random() < 0.4]
    form["category"] = str(rng.choice(["tee", "polo", "boot"]))
    if form["kind"] == "shirt":
        form["sleeve"] = str(rng.choice(["short", "long"]))
    if rng.random() < 0.5:
        form["brand"] = str(rng.choice(["blue river cloth", "green hill wear"]))
    return form


def only(rows, questions):
    names = [question.name for question in questions]
    return [(item, worker, {name: form[name] for name in names if name in form}) for item, worker, form in rows]


def run(rows, questions=SHIRT, **options):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        result = merge_forms(*([row[i] for row in rows] for i in range(3)), questions, **options)
    for answered in result.questions.values():
        assert len(answered.values) == len(result.item_ids)
        for column in (answered.confidence, answered.applies):
            assert np.isfinite(column).all()
            assert ((column >= 0) & (column <= 1 + 1e-9)).all()
    assert ((result.confidence >= 0) & (result.confidence <= 1)).all()
    return result


@pytest.fixture(scope="module")
def answered():
    rows, truth = crowd(80)
    return run(rows), truth


@pytest.mark.parametrize("name", ["kind", "sleeve", "colours", "category", "stars", "brand"])
def test_every_question_goes_to_the_family_of_its_kind(answered, name):
    result, truth = answered
    decided = [form.get(name) for form in result.forms()]
    assert np.mean([a == b.get(name) for a, b in zip(decided, truth, strict=True)]) > 0.75


def test_a_question_that_does_not_apply_is_left_out_and_says_how_sure_that_is(answered):
    result, _ = answered
    for form, kind in zip(result.forms(), result.questions["kind"].values, strict=True):
        assert ("sleeve" in form) == (kind == "shirt")
    sleeve, kind = result.questions["sleeve"], result.questions["kind"]
    np.testing.assert_allclose(sleeve.applies, kind.posteriors[:, 0])
    brand = result.questions["brand"]
    assert all((value is not None) == (p > 0.5) for value, p in zip(brand.values, brand.applies, strict=True))


def test_a_question_that_nobody_answered_is_not_decided():
    result = run([(0, 0, {"kind": "shoe"})])
    assert result.forms() == [{"kind": "shoe"}]
    assert result.questions["colours"].values == [None]
    assert result.questions["colours"].confidence[0] == 0 == result.confidence[0]  # a question of the form is open
    assert np.isnan(result.agreement[0])


def test_an_empty_set_is_an_answer():
    rows = [(i, w, {"colours": []}) for i in range(3) for w in range(3)]
    assert run(rows, SHIRT[2:3]).questions["colours"].values == [[], [], []]


def test_confidence_is_the_chance_that_all_is_right(answered):
    result, _truth = answered
    columns = [answered.confidence for answered in result.questions.values()]
    np.testing.assert_allclose(result.confidence, np.prod(columns, axis=0))
    one = run(only(crowd(200)[0], SHIRT[:1]), SHIRT[:1])
    right = [form["kind"] == true["kind"] for form, true in zip(one.forms(), crowd(200)[1], strict=True)]
    assert abs(one.confidence.mean() - np.mean(right)) < 0.12


def test_agreement_is_the_mean_over_questions():
    rows = [
        (0, 0, {"kind": "shoe", "stars": 1}),
        (0, 1, {"kind": "shoe", "stars": 5}),
        (0, 2, {"kind": "dress", "stars": 3}),
    ]
    result = run(rows, [SHIRT[0], SHIRT[4]])
    assert result.questions["kind"].agreement[0] == pytest.approx(1 / 3)
    assert result.questions["stars"].agreement[0] == pytest.approx((0 + 1 / 2 + 1 / 2) / 3)
    assert result.agreement[0] == pytest.approx((1 / 3 + 1 / 3) / 2)


def test_a_lone_choice_is_decided_as_auto_decides():
    rows, _ = crowd()
    result = run(only(rows, SHIRT[:1]), SHIRT[:1])
    votes = Votes.from_rows(*zip(*((i, w, f["kind"]) for i, w, f in rows), strict=True), labels=SHIRT[0].labels)
    np.testing.assert_allclose(result.questions["kind"].posteriors, auto(votes).posteriors)


def test_skill_shown_on_one_question_helps_on_the_next():
    """Two good workers against three who guess: on the rare question nobody can tell, on the frequent one it shows."""
    questions = [Question("often", "choice", labels=[0, 1, 2, 3]), Question("seldom", "choice", labels=[0, 1])]
    right, chance = {True: 0, False: 0}, {True: 0.0, False: 0.0}
    for seed in range(8):
        rng = np.random.default_rng(seed)
        rows, truth, often = [], rng.integers(0, 2, 6), rng.integers(0, 4, 150)
        for item in range(150):
            for worker in range(5):
                form = {"often": int(often[item] if worker < 2 else rng.integers(0, 4))}
                if item < 6:
                    form["seldom"] = int(truth[item] if worker < 2 else rng.integers(0, 2))
                rows.append((item, worker, form))
        for share in (True, False):
            seldom = run(rows, questions, share_skill=share).questions["seldom"]
            right[share] += sum(seldom.values[item] == truth[item] for item in range(6))
            chance[share] += sum(seldom.posteriors[item, truth[item]] for item in range(6))
    assert right[True] >= right[False] + 4
    assert chance[True] > chance[False] + 2


def test_bit_equal_on_repeat_and_for_any_row_order(answered):
    rows, _ = crowd(80)
    first = answered[0]
    for order in (rows, rows[::-1], [rows[i] for i in np.random.default_rng(1).permutation(len(rows))]):
        again = run(order)
        assert again.forms() == first.forms()
        assert np.array_equal(again.confidence, first.confidence)


def test_any_type_of_ids_and_order_of_questions():
    rows = only(crowd()[0], SHIRT[:4])
    first = run(rows, SHIRT[:4])
    text = run([(f"{i:03d}", ("w", w), form) for i, w, form in rows], SHIRT[:4])
    assert text.forms() == first.forms()
    turned = run(rows, [SHIRT[3], SHIRT[2], SHIRT[0], SHIRT[1]])
    assert turned.forms() == [
        {name: form[name] for name in ("category", "colours", "kind", "sleeve") if name in form}
        for form in first.forms()
    ]
    np.testing.assert_allclose(turned.confidence, first.confidence)


@pytest.mark.parametrize("rows", [[], [(0, 0, {})], [(0, 0, {"kind": "shoe", "stars": 3, "brand": "x"})]])
def test_small_crowds_give_sound_results(rows):
    run(rows)
    run([(i, 0, form) for i in range(3) for _, _, form in rows], item_ids=[0, 1, 2, 3])


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ({"kind": "hat"}, "kind: answers: 'hat' is not one of the 3 labels"),
        ({"colours": "red"}, "colours: answers: each must be a collection of labels, not 'red'"),
        ({"stars": 9}, "stars: .*9"),
        ({"size": 3}, "answers: .* is no mapping from"),
        ("shoe", "answers: 'shoe' is no mapping from"),
    ],
)
def test_bad_answers_are_refused_in_one_sentence(answer, message):
    with pytest.raises(ValueError, match=message):
        merge_forms([0], [0], [answer], SHIRT)


def test_a_second_form_of_a_worker_is_refused():
    with pytest.raises(ValueError, match="worker 'ann' answers item 7 more than once"):
        merge_forms([7, 7], ["ann", "ann"], [{}, {}], SHIRT)


@pytest.mark.parametrize(
    ("questions", "message"),
    [
        ([], "a form needs at least one"),
        ([SHIRT[0], SHIRT[0]], "'kind' is there twice"),
        ([Question("a", "dance")], "a: kind must be one of choice, choices"),
        ([Question("a", "choice")], "a: a choice needs labels"),
        ([Question("a", "number")], "a: a number needs bounds or a tolerance"),
        ([SHIRT[1]], "sleeve: only_if must name an earlier choice"),
        ([SHIRT[0], Question("b", "text", only_if=("kind", "hat"))], "b: only_if must name"),
    ],
)
def test_bad_questions_are_refused_in_one_sentence(questions, message):
    with pytest.raises(ValueError, match=message):
        merge_forms([], [], [], questions)
