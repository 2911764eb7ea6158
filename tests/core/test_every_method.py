"""What every method of consensus/core keeps, one suite for all; and that no method is left out of it."""

import importlib
import inspect
import pkgutil
import warnings

import numpy as np
import pytest

from consensus import core
from tests.core.every_method import CODES, METHODS, Outcome

TABLES = ("Votes", "Sets", "Numbers", "Comparisons", "Marks", "Texts", "Runner")
PARTS = {  # public, and of answers, but no method of its own: a step that the methods above run, or a measure of agreement
    "agreement": {"pair_agreement"},
    "auto": {"pool"},
    "bradley_terry": {"expect"},
    "cells": {"make_cells"},
    "dirichlet": {"learn_concentration"},
    "em": {"em_pass", "expected_counts", "statistics_of"},
    "item_types": {"start_of_types", "offsets_of"},
    "majority": {"vote_shares", "tied_items"},
    "marks": {"similar_pairs", "canonical"},
    "masks": {"mask_agreement"},
    "multilabel": {"fit_sets", "learn_rates", "evidence_of"},
    "objects": {"make_views", "infer_objects", "learn_skills", "learn_confusions"},
    "one_coin": {"learn_coins"},
    "ordinal": {"decide_grades"},
    "ranges": {"check_ranges", "cut_units", "learn_range_skills", "merge_ranges"},
    "regions": {"link", "understand", "check_skills", "collect"},
    "sets": {"set_agreement"},
    "set_sizes": {"sizes_of_answers"},
    "skills": {"posteriors_under"},
    "sharding": {"split_votes"},
    "taxonomy": {"name_pairs"},
}


def takes_answers(name, function):
    kinds = [parameter.annotation for parameter in inspect.signature(function).parameters.values()]
    return any(kind in TABLES for kind in kinds) or name.startswith(("merge_", "decide", "learn_", "grade"))


def functions_of_answers():
    """{module.name: function} of all public functions of consensus/core that take a table of answers or are called like one; abuse
    has a suite of its own, for it decides nothing."""
    found = {}
    for module in pkgutil.walk_packages(core.__path__, "consensus.core."):
        loaded, short = importlib.import_module(module.name), module.name.split(".")[-1]
        for name, function in inspect.getmembers(loaded, inspect.isfunction):
            own = function.__module__ == module.name and not name.startswith("_") and ".spam" not in module.name
            if own and takes_answers(name, function):
                found[f"{short}.{name}"] = function
    return found


def left_out(methods):
    covered = {function for method in methods.values() for function in method.functions}
    parts = {f"{module}.{name}" for module, names in PARTS.items() for name in names}
    found = functions_of_answers()
    assert parts <= found.keys()
    return [name for name, function in found.items() if function not in covered and name not in parts]


def test_no_method_is_left_out():
    assert left_out(METHODS) == [], "give it an adapter in tests/core/every_method.py"
    assert left_out({name: method for name, method in METHODS.items() if name != "grade"}) == ["ordinal.grade"]


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


@only_methods(lambda method: method.names)  # elsewhere codes are places on a scale, or sides
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
    assert empty is None or method.prior
    without = run(method, rows, list(range(12)), list(range(9)))
    kept = [code for item, code in zip(found.item_ids, found.decided, strict=True) if item != 12]
    assert np.mean([a == b for a, b in zip(kept, without.decided, strict=True)]) > 0.9


def test_equal_sides_are_decided_by_a_rule_and_not_by_who_came_first(method):
    sides = [[("a", "u", 0), ("a", "v", 1)], [("a", "v", 0), ("a", "u", 1)]]
    decided = [run(method, rows).decided for mine in sides for rows in (mine, mine[::-1])]
    assert decided == [decided[0]] * 4


def test_no_answers_at_all(method):
    assert run(method, []).decided == []


@only_methods(lambda method: method.known)  # numbers, places and texts have no labels
def test_an_unknown_label_is_refused_in_one_sentence(method):
    rows, _ = crowd()
    with pytest.raises(
        ValueError, match=r"^(kind: answers|answers|names|outcomes|label): 'never' is not one of the 3 "
    ) as refusal:
        method.run([*rows, (0, 99, 3)], None, None, lambda code: "never" if code == 3 else code)
    assert str(refusal.value).endswith(".")
    assert str(refusal.value).count(". ") == 0
