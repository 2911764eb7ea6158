"""What types share whose answers compare the parts of an item: nothing hangs on which part comes first, nor on an item's number."""

import pytest

from labelling import task_types
from labelling.task_types.votes import Task, Vote

PARTS = [{"id": name, "role": "candidate", "kind": "text", "text": name} for name in ("a", "b")]
QUESTION = {"config": {}, "labels": [], "parts": PARTS}


def chosen_of(first: int, right: str, wrong: str) -> list[dict]:
    """Three items, three workers: two say what is right, one does not."""
    rule = task_types.get("pairwise").consensus
    votes = [Vote(f"worker:{n}", n, "", {"chosen": said}) for n, said in enumerate((right, right, wrong))]
    tasks = [Task(first + n, QUESTION, votes) for n in range(3)]
    skills = {name: one.tables for name, one in rule.learn_skills_of(tasks, {}).items()}
    return [(one.value, one.confidence_ppm) for one in rule.decide_many(tasks, skills, {})]


@pytest.mark.parametrize("first", range(12))
def test_two_of_three_are_right_whatever_the_items_numbers(first):
    for right, wrong in ("ab", "ba"):
        assert chosen_of(first, right, wrong) == [({"chosen": right}, chosen_of(0, "a", "b")[0][1])] * 3
