"""What a project of labels publishes where a judge answers beside people who are wrong together."""

import random

from labelling import task_types
from labelling.task_types.votes import CROWD, JUDGE, Task, Vote

QUESTION = {"labels": [{"id": "a"}, {"id": "b"}], "config": {"labels": [{"id": "a"}, {"id": "b"}]}, "text": ""}
KNOWN, ITEMS = 100, 400


def crowd() -> tuple[list[Task], list[str]]:
    """Three people right .9 by themselves, who all take six of ten a for b; a judge right .8."""
    draw = random.Random(2)
    other = {"a": "b", "b": "a"}
    truths = [draw.choice("ab") for _ in range(ITEMS)]
    tasks = []
    for item, truth in enumerate(truths):
        seen = "b" if truth == "a" and draw.random() < 0.6 else truth
        said = {f"worker:{n}": seen if draw.random() < 0.9 else other[seen] for n in range(3)}
        said[f"{JUDGE}1"] = truth if draw.random() < 0.8 else other[truth]
        votes = [Vote(who, 10 * item + k, "", {"label": one}) for k, (who, one) in enumerate(said.items())]
        tasks.append(Task(item, QUESTION, votes, {"label": truth} if item < KNOWN else None))
    return tasks, truths


def test_people_who_are_wrong_together_outvote_the_judge_neither_by_votes_nor_by_shares():
    consensus = task_types.get("choice").consensus
    tasks, truths = crowd()
    learned = consensus.learn_skills_of(tasks, QUESTION["config"])
    tables = {name: one.tables for name, one in learned.items()}
    asked = [Task(one.item, one.question, one.votes) for one in tasks[KNOWN:]]
    decided = consensus.decide_many(asked, tables, QUESTION["config"])
    right = sum(one.value["label"] == truth for one, truth in zip(decided, truths[KNOWN:], strict=True))
    alone = sum(one.votes[-1].value["label"] == truth for one, truth in zip(asked, truths[KNOWN:], strict=True))
    assert right >= alone
    assert all(one.prior == learned[CROWD].tables["prior"] for one in decided)
