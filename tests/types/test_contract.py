"""Every task type keeps one contract. A new type is found by its folder, with schema.json and examples/cases.json in it."""

import json
import random
from importlib import import_module
from pathlib import Path

import jsonschema
import pytest

from labelling import task_types
from labelling.task_types.errors import BadAnswer
from labelling.task_types.label_names import labels_within
from labelling.task_types.task_type import PARTS
from labelling.task_types.votes import CROWD, Task, Vote
from proofs import canonical_bytes, sha256_hex

FOLDER = Path(task_types.__file__).parent
CASES = {name: json.loads((FOLDER / name / "examples" / "cases.json").read_text()) for name in task_types.NAMES}
SCHEMAS = {name: json.loads((FOLDER / name / "schema.json").read_text()) for name in task_types.NAMES}
every_type = pytest.mark.parametrize("name", task_types.NAMES)


def cases(of: str, meant=lambda case: True):
    rows = [(name, case) for name in task_types.NAMES for case in CASES[name][of] if meant(case)]
    return pytest.mark.parametrize(("name", "case"), rows, ids=[f"{name}-{i}" for i, (name, _) in enumerate(rows)])


def fits_schema(name: str, value) -> bool:
    return jsonschema.Draft202012Validator(SCHEMAS[name]).is_valid(value)


def test_every_folder_is_found():
    assert {path.parent.name for path in FOLDER.glob("*/answer.py")} == set(task_types.NAMES)
    assert [kind.name for kind in task_types.every()] == list(task_types.NAMES)
    with pytest.raises(KeyError, match="choose one of"):
        task_types.get("horoscopes")


@every_type
def test_a_folder_holds_all_parts(name):
    jsonschema.Draft202012Validator.check_schema(SCHEMAS[name])
    assert (FOLDER / name / "phone/widget.tsx").exists()
    for part, protocol in PARTS.items():
        assert isinstance(import_module(f"labelling.task_types.{name}.{part}"), protocol), part


@every_type
def test_what_is_declared_holds_together(name):
    kind = task_types.get(name)
    assert kind.media <= {"image", "text", "audio", "video", "parts"}
    assert (kind.scalar is None) != (kind.marks is None)
    keys = set(SCHEMAS[name]["properties"])
    assert keys == {kind.scalar or kind.marks}
    for case in CASES[name]["good"]:
        used = kind.labels_in(case["canonical"])
        assert used <= set(CASES[name]["question"]["labels"])
        assert kind.needs_labels or used <= {label["id"] for label in labels_within(CASES[name]["question"]["config"])}


# --- what others see of an answer -----------------------------------------------------------------------------------
@cases("good")
def test_an_answer_is_shown_by_its_label_its_words_or_a_shape_a_mark(name, case):
    kind, value = task_types.get(name), case["canonical"]
    drawing = kind.show(value, CASES[name]["question"])
    if drawing.rows is not None:
        assert len(drawing.rows) >= len(value[kind.scalar])
        assert all(row.title for row in drawing.rows)
    elif kind.marks:
        assert [shape.label for shape in drawing.shapes] == [mark["label"] for mark in value[kind.marks]]
    else:
        said, given = (drawing.label, drawing.words), value[kind.scalar]
        order = drawing.order and [list(rank) for rank in drawing.order.ranks]
        whole = given in (*said, order) or (drawing.labels is not None and sorted(drawing.labels) == given)
        placed = drawing.place is not None and bool(drawing.words)
        assert whole or placed or (drawing.words or "").startswith(str(given)), "a number is said first"


@cases("good")
def test_a_value_is_found_by_each_of_its_labels_and_follows_a_merge(name, case):
    kind, value = task_types.get(name), case["canonical"]
    for label in kind.labels_in(value) if kind.needs_labels else ():
        [(key, wanted)] = kind.holding(label).items()
        held = value[key]
        assert held == wanted or any(label in (one, one["label"] if isinstance(one, dict) else one) for one in held)
        other = next(one for one in CASES[name]["question"]["labels"] if one != label)
        merged = kind.relabel(value, {label: other})
        assert kind.labels_in(merged) == {other if one == label else one for one in kind.labels_in(value)}
        assert kind.parse(merged, CASES[name]["question"]) == merged


# --- the answer -----------------------------------------------------------------------------------------------------
@cases("good")
def test_a_good_answer_has_one_canonical_form(name, case):
    kind, question = task_types.get(name), CASES[name]["question"]
    value = kind.parse(case["value"], question)
    assert value == case["canonical"]
    assert kind.parse(value, question) == value
    assert json.loads(canonical_bytes(value)) == value
    assert fits_schema(name, case["value"])
    assert fits_schema(name, value)


@cases("bad")
def test_a_bad_answer_gets_one_sentence_that_names_the_field(name, case):
    with pytest.raises(BadAnswer) as refused:
        task_types.get(name).parse(case["value"], CASES[name]["question"])
    assert refused.value.field == case["field"]
    assert str(refused.value).startswith("value")
    assert str(refused.value).endswith(".")
    # The schema knows the shape; what depends on the project or the picture it cannot know.
    assert fits_schema(name, case["value"]) == case.get("in_schema", False)


# --- agreement and gold ---------------------------------------------------------------------------------------------
@cases("agreement")
def test_agreement_is_as_stated_both_ways(name, case):
    agreement, question = task_types.get(name).agreement.agreement, CASES[name]["question"]
    assert agreement(case["a"], case["b"], question) == pytest.approx(case["is"])
    assert agreement(case["b"], case["a"], question) == agreement(case["a"], case["b"], question)
    assert agreement(case["a"], case["a"], question) == 1.0


@cases("gold")
def test_gold_is_right_or_wrong_as_stated(name, case):
    kind, question = task_types.get(name), CASES[name]["question"]
    assert kind.is_right(case["value"], case["truth"], question) is case["right"]
    assert kind.is_right(case["truth"], case["truth"], question) is True


# --- consensus ------------------------------------------------------------------------------------------------------
def two_values(name: str) -> tuple[dict, dict]:
    """The truth, and an answer that is wrong."""
    wrong = next(case for case in CASES[name]["gold"] if not case["right"])
    return wrong["truth"], wrong["value"]


def vote(annotator: str, seq: int, value: dict) -> Vote:
    return Vote(annotator, seq, sha256_hex(canonical_bytes(value)), value)


def task(name: str, item: int, values: dict[str, dict], truth: dict | None = None) -> Task:
    votes = [vote(f"worker:{who}", 100 * item + i, value) for i, (who, value) in enumerate(values.items())]
    return Task(item, CASES[name]["question"], votes, truth)


def crowd(name: str, items: int = 40, values: tuple[dict, dict] | None = None) -> list[Task]:
    """Three good workers, one who is always wrong."""
    right, wrong = values or two_values(name)
    return [task(name, item, {"1": right, "2": right, "3": right, "4": wrong}) for item in range(1, items + 1)]


def config_of(name: str) -> dict:
    labels = [{"id": label, "name": {"en": label}} for label in CASES[name]["question"]["labels"]]
    return {**CASES[name]["question"]["config"], "labels": labels}


def decide(name: str, tasks: list[Task], skills: dict | None = None):
    return task_types.get(name).consensus.decide_many(tasks, skills or {}, config_of(name))


def learned(name: str, tasks: list[Task]):
    return task_types.get(name).consensus.learn_skills_of(tasks, config_of(name))


@every_type
def test_decisions_come_one_a_task_in_order_with_all_that_they_promise(name):
    right, wrong = two_values(name)
    tasks = [task(name, 7, {"1": right}), task(name, 3, {"1": wrong, "2": wrong}), *crowd(name, 3)]
    decided = decide(name, tasks)
    assert len(decided) == len(tasks)
    for one, asked in zip(decided, tasks, strict=True):
        assert task_types.get(name).parse(one.value, asked.question) == one.value
        assert 0 <= one.confidence_ppm <= 1_000_000
        assert 0 <= one.agreement_ppm <= 1_000_000
        assert isinstance(one.confidence_ppm, int)
        assert len(one.agreed) == len(asked.votes)
        assert json.loads(json.dumps(one.detail)) == one.detail
        assert len(one.weights) in (0, len(asked.votes))
    assert [one.value for one in decided] == [right, wrong, right, right, right]
    assert decided[2].agreed == [True, True, True, False]


@every_type
def test_a_decision_depends_on_nothing_but_its_votes(name):
    tasks = [*crowd(name, 5), task(name, 9, dict(zip("12", two_values(name), strict=True)))]
    skills = {who: one.tables for who, one in learned(name, tasks).items()}
    first = decide(name, tasks, skills)
    assert decide(name, tasks, skills) == first
    assert decide(name, tasks[::-1], skills)[::-1] == first
    for asked, one in zip(tasks, first, strict=True):
        [alone] = decide(name, [asked], skills)
        assert (alone.value, alone.confidence_ppm) == (one.value, one.confidence_ppm)
        mixed = random.Random(asked.item).sample(asked.votes, len(asked.votes))
        [other] = decide(name, [Task(asked.item, asked.question, mixed)], skills)
        assert (other.value, other.confidence_ppm) == (one.value, one.confidence_ppm)


@every_type
def test_more_of_the_same_makes_surer_and_a_dissent_less_sure(name):
    right, wrong = two_values(name)
    workers = ["1", "2", "3", "4", "5"]
    sure = [decide(name, [task(name, 1, dict.fromkeys(workers[:n], right))])[0].confidence_ppm for n in (1, 3, 5)]
    assert sure == sorted(sure)
    assert sure[0] < sure[2]
    [dissent] = decide(name, [task(name, 1, {**dict.fromkeys(workers[:4], right), "5": wrong})])
    assert dissent.value == right
    assert dissent.confidence_ppm < sure[2]


@every_type
def test_skills_tell_good_workers_from_bad_ones_and_are_plain_data(name):
    found = learned(name, crowd(name))
    assert set(found) == {CROWD, *(f"worker:{who}" for who in "1234")}
    assert found["worker:1"].summary["accuracy_ppm"] > 800_000 > 400_000 > found["worker:4"].summary["accuracy_ppm"]
    for one in found.values():
        assert json.loads(json.dumps([one.tables, one.summary])) == [one.tables, one.summary]
    assert found["worker:1"].answers == 40
    assert learned(name, []) == {}


@cases("gold", lambda case: not case["right"])
def test_what_a_known_bad_worker_says_is_not_taken_over_a_good_one(name, case):
    """In whatever way she is wrong: she leaves out, she puts in, she is beside it."""
    right, wrong = case["truth"], case["value"]
    skills = {who: one.tables for who, one in learned(name, crowd(name, values=(right, wrong))).items()}
    assert decide(name, [task(name, 1, {"1": right, "4": wrong})], skills)[0].value == right


@every_type
def test_gold_teaches_what_the_crowd_would_not(name):
    """Two are wrong together where the truth is known: the third is the better worker."""
    right, wrong = two_values(name)
    tasks = [task(name, item, {"1": wrong, "2": wrong, "3": right}, right) for item in range(1, 21)]
    found = learned(name, tasks)
    assert found["worker:3"].summary["accuracy_ppm"] > found["worker:1"].summary["accuracy_ppm"]


@every_type
def test_where_integers_decide_their_sum_gives_the_value(name):
    for one in decide(name, crowd(name, 4)):
        if one.labels:
            sums = [sum(column) for column in zip(one.prior, *one.weights, strict=True)]
            assert one.value == {"label": one.labels[max(range(len(sums)), key=lambda i: (sums[i], -i))]}
