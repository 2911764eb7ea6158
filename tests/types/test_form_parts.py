"""Questions of a form that are asked of each part of an item."""

import pytest

from labelling import catalogue, task_types
from labelling.task_types.errors import BadAnswer
from labelling.task_types.questions import question_of
from labelling.task_types.votes import Task, Vote

ENTRY = catalogue.entry("chat-turns")
FORM = task_types.get(ENTRY["task_type"])
PARTS = [
    {"id": f"t{n}", "role": role, "kind": "text", "text": role} for n, role in enumerate(["user", "assistant"] * 2)
]
QUESTION = question_of(ENTRY["config"], {"parts": PARTS})


def said(first: str, second: str, whole: str = "fair") -> dict:
    answers = {
        f"{name}/{part}": {"label": label}
        for name in ("helps", "true")
        for part, label in (("t1", first), ("t3", second))
    }
    return {"answers": {**answers, "whole": {"label": whole}}}


def test_each_part_has_an_answer_of_its_own_and_no_other_part_has_one():
    assert FORM.parse(said("yes", "no"), QUESTION) == said("yes", "no")
    left = said("yes", "no")
    del left["answers"]["true/t3"]
    with pytest.raises(BadAnswer, match=r"value.answers.true/t3 is missing"):
        FORM.parse(left, QUESTION)
    with pytest.raises(BadAnswer, match=r"value.answers.helps/t0 is no question"):
        FORM.parse({"answers": {**said("yes", "no")["answers"], "helps/t0": {"label": "yes"}}}, QUESTION)


def test_a_condition_is_about_the_same_part():
    questions = [dict(one) for one in ENTRY["config"]["questions"]]
    questions[1]["show_if"] = {"question": "helps", "is": ["no"]}
    question = question_of({"questions": questions}, {"parts": PARTS})
    value = said("yes", "no")
    del value["answers"]["true/t1"]
    assert FORM.parse(value, question) == value


def test_each_part_is_decided_by_itself_and_skill_is_learned_over_all_parts():
    votes = [said("yes", "no"), said("yes", "no"), said("yes", "yes")]
    tasks = [Task(n, QUESTION, [Vote(f"worker:{k}", k, "", value) for k, value in enumerate(votes)]) for n in range(30)]
    decided = FORM.consensus.decide_many(tasks, {}, ENTRY["config"])
    assert [one.value for one in decided] == [said("yes", "no")] * 30
    assert decided[0].detail["questions"].keys() == said("yes", "no")["answers"].keys()
    skills = FORM.consensus.learn_skills_of(tasks, ENTRY["config"])
    assert skills["worker:0"].summary["accuracy_ppm"] > skills["worker:2"].summary["accuracy_ppm"]
    assert skills["worker:0"].tables["questions"].keys() == {"helps", "true", "whole"}


def test_it_is_shown_and_scored_where_the_parts_are_not_at_hand():
    alone = question_of(ENTRY["config"], {})
    titles = [row.title for row in FORM.show(said("yes", "no"), alone).rows]
    assert titles[:2] == ["Does this answer help? (1 / 2)", "Does this answer help? (2 / 2)"]
    assert FORM.score_of(said("yes", "no", "good"), alone) == 1
    assert set(FORM.columns_of(said("yes", "no"))) == {f"answers.{name}" for name in said("yes", "no")["answers"]}
