"""What the contract's one question cannot show: a slider's crowd, how a tree is typed, and how sets and nodes are called outside."""

import random

import pytest

from labelling import task_types
from labelling.task_types.errors import BadSetting
from labelling.task_types.label_names import (
    label_finder,
    labels_within,
    names_in,
    names_of,
    set_in,
    with_ids,
    with_names,
)
from labelling.task_types.tree import read_tree, write_tree
from labelling.task_types.votes import CROWD, Task, Vote

SLIDER = {"scale": 100, "near": 10}
STEPS = {"scale": 7}


def task(item: int, given: dict[str, int], config: dict, truth: int | None = None) -> Task:
    votes = [Vote(f"worker:{who}", 10 * item + k, "", {"rating": said}) for k, (who, said) in enumerate(given.items())]
    question = {"labels": [], "config": config, "text": ""}
    return Task(item, question, votes, None if truth is None else {"rating": truth})


def slider_crowd(items: int = 60) -> tuple[list[Task], list[int]]:
    """Two good raters, one who is 15 too high, one who does not look."""
    draw = random.Random(5)
    truths = [draw.randrange(10, 80) for _ in range(items)]
    near = lambda truth: truth + draw.randrange(-3, 4)  # noqa: E731
    given = [{"a": near(t), "b": near(t), "high": t + 15, "blind": draw.randrange(101)} for t in truths]
    return [task(n, said, SLIDER) for n, said in enumerate(given)], truths


def test_a_slider_learns_who_is_too_high_and_who_does_not_look():
    consensus = task_types.get("rating").consensus
    tasks, truths = slider_crowd()
    learned = consensus.learn_skills_of(tasks, SLIDER)
    right = {who: one.summary["accuracy_ppm"] for who, one in learned.items()}
    assert min(right["worker:a"], right["worker:b"]) > 700_000 > right["worker:blind"]
    skills = {who: one.tables for who, one in learned.items()}
    decided = consensus.decide_many(tasks, skills, SLIDER)
    assert sum(abs(one.value["rating"] - truth) <= 10 for one, truth in zip(decided, truths, strict=True)) >= 54
    assert all(one.detail["low"] <= one.value["rating"] <= one.detail["high"] for one in decided)
    of_others = {who: {**row, "scale": 7} for who, row in skills.items()}
    assert consensus.decide_many(tasks[:1], of_others, SLIDER) == consensus.decide_many(tasks[:1], {}, SLIDER)


def test_nothing_is_learned_before_two_have_rated_the_same():
    consensus = task_types.get("rating").consensus
    assert consensus.learn_skills_of([task(1, {"a": 4}, SLIDER), task(2, {"b": 60}, SLIDER)], SLIDER) == {}


def test_one_who_is_far_off_does_not_move_the_level_of_all():
    """Three say 6 of everything, one says 1: the library once decided 5."""
    consensus = task_types.get("rating").consensus
    tasks = [task(n, {"a": 6, "b": 6, "c": 6, "low": 1}, STEPS) for n in range(40)]
    learned = consensus.learn_skills_of(tasks, STEPS)
    decided = consensus.decide_many(tasks, {who: one.tables for who, one in learned.items()}, STEPS)
    assert {one.value["rating"] for one in decided} == {6}
    assert set(learned) == {CROWD, "worker:a", "worker:b", "worker:c", "worker:low"}


# --- trees ------------------------------------------------------------------------------------------------------------
INDENTED = "Clothes | Izingubo\n  Shirts | Amahembe\n    T-shirts\n  Coats\nFood\n\tBread, cakes\n"
PATHS = "Clothes > Shirts > T-shirts\nClothes > Coats\nFood > Bread, cakes"
COMMAS = "Clothes,Shirts,T-shirts\nClothes,Coats\nFood"


def named(tree) -> list[tuple[int, str]]:
    return [(row[1], row[2]) for row in tree]


def test_a_tree_is_typed_as_a_list_as_paths_or_as_a_table():
    tree = read_tree(INDENTED)
    assert named(tree) == [
        (0, "Clothes"),
        (1, "Shirts"),
        (2, "T-shirts"),
        (1, "Coats"),
        (0, "Food"),
        (1, "Bread, cakes"),
    ]
    assert [row[3:] for row in tree[:2]] == [["Izingubo"], ["Amahembe"]]
    assert read_tree(write_tree(tree)) == tree
    assert named(read_tree(PATHS)) == named(tree)
    assert named(read_tree(COMMAS)) == named(tree)[:5]
    assert {row[0] for row in read_tree(PATHS)} == {row[0] for row in tree}, "the same category keeps its id"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("  Shirts\nClothes", "Shirts stands under nothing"),
        ("Clothes\n  Shirts\n  shirts", r"config.tree\[2\], shirts: stands there twice"),
        ("Clothes\nCLOTHES", r"config.tree\[1\], CLOTHES: stands there twice"),
        ("\n".join(" " * n + f"n{n}" for n in range(13)), r"config.tree\[12\], n12: .* deeper than 12"),
        (" > ".join("x" * 50_000), r"deeper than 12"),
        ("a\n" * 5001, "A tree may hold 5000 lines"),
        ("x" * 81, r"config.tree\[0\] must be an id, a depth from 0 and a name"),
    ],
)
def test_what_is_no_tree_is_refused_with_its_line(text, sentence):
    kind = task_types.get("taxonomy")
    with pytest.raises(BadSetting, match=sentence):
        kind.check_config({"tree": read_tree(text)})


def test_a_program_may_send_a_tree_as_it_is_typed():
    kind = task_types.get("taxonomy")
    assert (
        kind.completed({"tree": PATHS.splitlines()})
        == kind.completed({"tree": PATHS})
        == {"tree": read_tree(PATHS), "sure": 80}
    )


def test_a_node_is_called_by_its_path_and_found_by_it():
    config = {"tree": read_tree(INDENTED)}
    names = names_of(config)
    assert list(names.values())[2] == "Clothes > Shirts > T-shirts"
    assert labels_within(config)[1]["name"]["zu"] == "Izingubo > Amahembe"
    find = label_finder(config)
    assert [find(name) for name in names.values()] == list(names)
    assert with_names({"label": config["tree"][1][0]}, names)["label"] == "Clothes > Shirts"


# --- sets -------------------------------------------------------------------------------------------------------------
LABELS = {
    "labels": [
        {"id": "l1", "name": {"en": "Red"}},
        {"id": "l2", "name": {"en": "Blue, dark"}},
        {"id": "l3", "name": {"en": "Wool"}},
    ]
}


def test_a_set_leaves_under_its_names_and_comes_back():
    names, find = names_of(LABELS), label_finder(LABELS)
    out = with_names({"labels": ["l1", "l2"]}, names)
    assert out == {"labels": ["Red", "Blue, dark"], "label_ids": ["l1", "l2"]}
    assert with_ids(out, find) == with_ids({"labels": ["red", "Blue, dark"]}, find) == {"labels": ["l1", "l2"]}
    assert names_in(out) == {"l1": "Red", "l2": "Blue, dark"}
    assert with_names(out, names) == out


@pytest.mark.parametrize(
    ("cell", "labels"),
    [
        ("Red; Wool", ["Red", "Wool"]),
        ("Red|wool|", ["Red", "wool"]),
        ("Red,Wool", ["Red", "Wool"]),
        ("Blue, dark", ["Blue, dark"]),
        ("Blue, dark; Red", ["Blue, dark", "Red"]),
    ],
)
def test_a_cell_holds_a_set(cell, labels):
    assert set_in(cell, label_finder(LABELS)) == labels


@pytest.mark.parametrize(
    ("name", "config", "field"),
    [
        ("choice", {**LABELS, "labels": LABELS["labels"] * 2, "look": "swipe"}, "look"),
        ("choice", {**LABELS, "labels": LABELS["labels"][:1], "look": "grid"}, "look"),
        ("choices", {**LABELS, "most": 4}, "most"),
        ("choices", {**LABELS, "groups": [{"name": {}, "first": 4}]}, "groups[0].first"),
        ("choices", {**LABELS, "groups": [{"name": {}, "first": 2}, {"name": {}, "first": 2}]}, "groups"),
        ("rating", {"scale": 5, "near": 2}, "near"),
    ],
)
def test_settings_that_do_not_go_together_are_refused(name, config, field):
    with pytest.raises(BadSetting) as refused:
        task_types.get(name).check_config(config)
    assert refused.value.field == field
    assert f"config.{field}" in str(refused.value)
