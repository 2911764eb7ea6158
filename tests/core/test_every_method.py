"""What every model of consensus/core keeps, one suite for all; and that no model is left out of it."""

import importlib
import inspect
import pkgutil
import warnings

import numpy as np
import pytest

from consensus import core
from consensus.core.answers.model import Model
from consensus.core.answers.skills import WorkerSkills
from consensus.core.labels.models import Glad, Mace, MajorityVote, WeightedMajority
from consensus.core.numbers.models import Measurement
from consensus.core.pairs.models import CrowdBradleyTerry
from consensus.core.pairs.pairwise import Comparisons
from consensus.core.regions.models import RegionModel
from consensus.core.sets.models import MultiLabel
from tests.core.shapes import CODES, METHODS, Method, Outcome, PairMethod


def models_of_core():
    """{name: model} of all public models of consensus/core that can be fitted, by introspection."""
    found = {}
    for module in pkgutil.walk_packages(core.__path__, "consensus.core."):
        for name, kind in inspect.getmembers(importlib.import_module(module.name), inspect.isclass):
            if issubclass(kind, Model) and kind.__module__ == module.name and not name.startswith("_"):
                found[name] = kind
    return {name: kind for name, kind in found.items() if not name.endswith("Model")}


def left_out(methods):
    covered = {type(method.make()) for method in methods.values() if type(method) in (Method, PairMethod)}
    return [name for name, model in models_of_core().items() if model not in covered]


def test_no_model_is_left_out():
    assert left_out(METHODS) == [], "give it a shape in tests/core/shapes.py"
    assert left_out({name: method for name, method in METHODS.items() if name != "ordinal"}) == ["Ordinal"]


@pytest.fixture(params=METHODS.values(), ids=METHODS)
def method(request):
    return request.param


def only_methods(fits):
    """Parametrize over those of the methods that the invariant is about."""
    chosen = {name: method for name, method in METHODS.items() if fits(method)}
    return pytest.mark.parametrize("method", chosen.values(), ids=chosen)


def crowd(n_items=12, n_workers=6, per_item=4, seed=0, right=0.85):
    """Rows (item, worker, code) of a good crowd, and the truth."""
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, 3, n_items)
    return [
        (item, int(worker), int(truth[item] if rng.random() < right else rng.integers(0, 3)))
        for item in range(n_items)
        for worker in rng.choice(n_workers, per_item, replace=False)
    ], truth.tolist()


def run(method, rows, *arguments) -> Outcome:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = method.run(rows, *arguments)
    assert all(np.isfinite(column).all() for column in found.figures)
    assert len(found.item_ids) == len(found.decided)
    return found


def same(a: Outcome, b: Outcome) -> bool:
    return a.decided == b.decided and all(np.array_equal(x, y) for x, y in zip(a.figures, b.figures, strict=True))


def test_the_truth_of_a_good_crowd_is_found(method):
    rows, truth = crowd(right=0.95)
    found = run(method, rows)
    assert np.mean([a == b for a, b in zip(found.decided, truth, strict=True)]) > 0.9


def test_bit_equal_on_repeat_and_for_any_order_of_rows(method):
    rows, _ = crowd()
    first = run(method, rows)
    assert same(first, run(method, rows))
    for seed in range(2):
        mixed = [rows[k] for k in np.random.default_rng(seed).permutation(len(rows))]
        again = run(method, mixed)
        if (
            method is METHODS["stream"]
        ):  # it counts in the order of arrival: the decisions are the same, the last digits are not
            assert again.decided == first.decided
            np.testing.assert_allclose(again.figures[0], first.figures[0], atol=1e-9)
        else:
            assert same(first, again)


@pytest.mark.parametrize(
    "convert", [lambda n: f"{n:03d}", lambda n: ("id", n), lambda n: 10**15 + 7 * n], ids=["text", "tuple", "large"]
)
def test_the_type_of_ids_does_not_matter(method, convert):
    rows, _ = crowd()
    first, again = run(method, rows), run(method, [(convert(i), convert(w), c) for i, w, c in rows])
    where = {item: place for place, item in enumerate(again.item_ids)}
    assert [again.decided[where[convert(item)]] for item in first.item_ids] == first.decided


@only_methods(lambda method: method.shape.names)  # elsewhere codes are places on a scale, or sides
def test_renaming_the_labels_renames_the_decisions(method):
    rows, _ = crowd(right=0.95, per_item=5)  # no ties: those go to the lowest code, whatever its name
    first, again = run(method, rows), run(method, [(i, w, (c + 1) % 3) for i, w, c in rows])
    assert again.decided == [None if code is None else (code + 1) % 3 for code in first.decided]


def test_workers_doubled_under_other_names_change_no_clear_decision(method):
    rows, truth = crowd(right=0.97)
    assert run(method, rows + [(i, w + 100, c) for i, w, c in rows]).decided == run(method, rows).decided == truth


def test_one_worker_is_believed(method):
    rows = [(item, 5, item % 3) for item in range(9)]
    assert run(method, rows).decided == [item % 3 for item in range(9)]


@pytest.mark.parametrize("code", CODES)
def test_one_answer_is_the_decision(method, code):
    assert run(method, [("only", "ann", code)]).decided == [code]


def test_an_item_without_answers_and_a_worker_without_any_are_no_trouble(method):
    rows, _ = crowd()
    found = run(method, rows, list(range(13)), list(range(9)))
    empty = found.decided[found.item_ids.index(12)]
    assert len(found.decided) == 13
    assert empty is None or method.shape.prior
    without = run(method, rows, list(range(12)), list(range(9)))
    kept = [code for item, code in zip(found.item_ids, found.decided, strict=True) if item != 12]
    assert np.mean([a == b for a, b in zip(kept, without.decided, strict=True)]) > 0.9


def test_equal_sides_are_decided_by_a_rule_and_not_by_who_came_first(method):
    sides = [[("a", "u", 0), ("a", "v", 1)], [("a", "v", 0), ("a", "u", 1)]]
    decided = [run(method, rows).decided for mine in sides for rows in (mine, mine[::-1])]
    assert decided == [decided[0]] * 4


def test_no_answers_at_all(method):
    assert run(method, []).decided == []


@only_methods(lambda method: method.shape.known)  # numbers, places and texts have no labels
def test_an_unknown_label_is_refused_in_one_sentence(method):
    rows, _ = crowd()
    with pytest.raises(
        ValueError, match=r"^(kind: answers|answers|names|outcomes|label): 'never' is not one of the 3 "
    ) as refusal:
        method.run([*rows, (0, 99, 3)], None, None, lambda code: "never" if code == 3 else code)
    assert str(refusal.value).endswith(".")
    assert str(refusal.value).count(". ") == 0


# ---- the protocol: gold by id, skills by id, decisions by id

OF_SHAPES = only_methods(lambda method: type(method) is Method)


def table_of(method, rows):
    return method.shape.table(rows, method.shape.value, {"item_ids": None, "worker_ids": None})


def as_gold(method, code):
    """A truth in the form of the answers' values."""
    value = method.shape.value(code)
    if isinstance(method.make(), MultiLabel):
        return [value]
    if not isinstance(method.make(), RegionModel):
        return value
    table = table_of(method, [("one", "ann", code)])
    return [(code, table.shape[0])]


@OF_SHAPES
def test_decisions_are_told_by_id(method):
    rows, truth = crowd(right=0.95)
    named = [(f"item {item}", f"worker {worker}", code) for item, worker, code in rows]
    table = table_of(method, named)
    decided = method.make().fit(table).decide(table)
    assert set(decided.values) == {f"item {item}" for item in range(12)} == set(decided.confidence)
    assert decided.n_answers == dict.fromkeys(decided.values, 4)
    assert all(0 <= agreement <= 1 for agreement in decided.agreement.values())
    codes = {item: None if value is None else method.shape.code(value) for item, value in decided.values.items()}
    assert np.mean([codes[f"item {item}"] == code for item, code in enumerate(truth)]) > 0.9
    one = decided["item 3"]
    assert (one.item, one.value, one.n_answers) == ("item 3", decided.values["item 3"], 4)
    assert [row["item"] for row in decided.to_rows()] == list(decided.values)
    assert len(decided) == 12
    with pytest.raises(KeyError):
        decided["nowhere"]


@OF_SHAPES
def test_a_known_truth_stands_whatever_the_crowd_says(method):
    rows, truth = crowd(right=0.95)
    other = {0: (truth[0] + 1) % 3, 1: (truth[1] + 2) % 3}
    table = table_of(method, rows)
    gold = {item: as_gold(method, code) for item, code in other.items()} | {"of another table": as_gold(method, 0)}
    decided = method.make().fit(table, gold=gold).decide(table)
    for item, code in other.items():
        assert (
            method.shape.code(decided.values[item]) == code
            if not isinstance(decided.values[item], list)
            else list(decided.values[item]) == list(gold[item])
        )
        assert decided.confidence[item] == 1


# gold clamps the decisions of the first four; of numbers it corrects the level that the crowd shares
NO_PUPILS = (MajorityVote, WeightedMajority, Glad, Mace, Measurement)
TEACHABLE = only_methods(lambda method: type(method) is Method and not isinstance(method.make(), NO_PUPILS))


@TEACHABLE
def test_gold_teaches_who_is_good(method):
    """Two liars who say the same outvote nobody's truth: on gold the honest one is right and they are not."""
    truth = [item % 3 for item in range(24)]
    rows = [(i, w, truth[i] if w == "ann" else (truth[i] + 1) % 3) for i in range(24) for w in ("ann", "bob", "cyd")]
    table = table_of(method, rows)
    gold = {item: as_gold(method, truth[item]) for item in range(20)}
    of = skill_of(method.make().fit(table, gold=gold))
    without = skill_of(method.make().fit(table))
    assert of("ann") - of("bob") > without("ann") - without("bob")


def skill_of(model):
    """worker -> her skill, the higher the better."""

    def skill(worker):
        row = model.skills.of(worker)
        return -row["spread_m"] if "spread_m" in row else row["accuracy"]

    return skill


@OF_SHAPES
def test_skills_go_through_json_and_decide_other_answers(method):
    rows, truth = crowd(right=0.95, n_items=24)
    named = [(item, ("w", worker), code) for item, worker, code in rows]  # ids may be tuples
    model = method.make().fit(table_of(method, named[:64]))
    kept = WorkerSkills.from_json(model.skills.to_json())
    assert kept.workers == model.skills.workers
    assert kept.crowd == model.skills.crowd
    assert kept.of("a stranger") == kept.crowd
    other = method.make()
    other._skills = kept
    rest = table_of(method, [*named[64:], ("new", "a stranger", 1)])
    decided = other.decide(rest)
    assert str(decided.values) == str(model.decide(rest).values)
    codes = {item: None if value is None else method.shape.code(value) for item, value in decided.values.items()}
    assert np.mean([codes[item] == truth[item] for item in range(16, 24)]) > 0.8
    assert codes["new"] == 1


@OF_SHAPES
def test_before_a_fit_there_are_no_skills(method):
    with pytest.raises(ValueError, match="fit the model first"):
        method.make().decide(table_of(method, [("one", "ann", 1)]))


@OF_SHAPES
def test_history_is_refused_where_it_means_nothing(method):
    model = method.make()
    table = table_of(method, [("one", "ann", 1), ("two", "ann", 0)])
    if model.takes_history:
        counts = np.eye(3) * 40
        good = model.fit(table, history={"ann": counts}).skills.of("ann")["accuracy"]
        bad = method.make().fit(table, history={"ann": counts[[1, 2, 0]]}).skills.of("ann")["accuracy"]
        assert good > bad + 0.3
        with pytest.raises(ValueError, match="history"):
            method.make().fit(table, history={"ann": np.eye(2)})
    else:
        with pytest.raises(ValueError, match="history"):
            model.fit(table, history={"ann": np.eye(3)})


@only_methods(lambda method: type(method) is Method and method.shape.known)
def test_gold_of_an_unknown_label_is_refused(method):
    table = table_of(method, [("one", "ann", 1), ("two", "ann", 0)])
    wrong = {MultiLabel: ["never"]}.get(
        method.make, [("never", None)] if isinstance(method.make(), RegionModel) else "never"
    )
    with pytest.raises(ValueError, match=r"^gold: 'never' is not one of the 3 labels"):
        method.make().fit(table, gold={"one": wrong})


def test_a_known_order_pulls_a_ranking():
    rows = [("a", "b", "ann", "left"), ("a", "b", "bob", "left"), ("b", "c", "ann", "left")]
    table = Comparisons.from_rows(*zip(*rows, strict=True))
    model = CrowdBradleyTerry()
    plain = model.fit(table).decide(table)
    told = model.fit(table, gold={("b", "a"): "left"}).decide(table)
    assert plain.values["a"] > plain.values["b"]
    assert told.values["b"] > told.values["a"]
    assert plain["a"].detail["rank"] == 1
    assert set(model.skills.workers) == {"ann", "bob"}
    with pytest.raises(ValueError, match="gold: 'z'"):
        model.fit(table, gold={("z", "a"): "left"})
