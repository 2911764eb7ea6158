"""Of what kind the mistake is: skills and decisions of `consensus.core.labels.fixed_point`, from those who named the step that counts."""

from __future__ import annotations

from typing import Any

from consensus.core.answers.skills import WorkerSkills
from consensus.core.labels.fixed_point import FixedPoint, newcomers
from consensus.core.labels.votes import Votes
from labelling.task_types.votes import CROWD

Said = tuple[int, str, str]  # place of the task, who, and the kind


def learned(rows: list[Said], labels: list[str], gold: dict[int, str]) -> dict[str, dict[str, Any]]:
    """What is known of everybody who named a kind, and of the crowd; nothing where there is one kind, or nobody named any."""
    if len(labels) < 2 or not rows:
        return {}
    items, who, kinds = zip(*rows, strict=True)
    votes = Votes.from_rows(items, who, kinds, labels=labels)
    skills = FixedPoint().fit(votes, {place: kind for place, kind in gold.items() if place in set(items)}).skills
    crowd = {key: skills.crowd[key] for key in ("table", "prior", "softening", "accuracy")}
    found = {str(name): {"table": row["table"], "accuracy": row["accuracy"]} for name, row in skills.workers.items()}
    return {name: {**row, "labels": labels} for name, row in {**found, CROWD: crowd}.items()}


def decided(said: list[tuple[str, str]], labels: list[str], known: dict[str, dict[str, Any]]) -> tuple[str, float]:
    """(kind, the chance that it is so) from (who, kind); those who are not known vote as the crowd does."""
    said = [(who, kind) for who, kind in said if kind in labels]
    if len(labels) == 1 or not said:
        return labels[0], 1 / len(labels)
    fitting = {name: row for name, row in known.items() if row["labels"] == labels}
    stranger = newcomers(labels).crowd
    crowd = {**stranger, **fitting.pop(CROWD, {})}
    who, kinds = zip(*said, strict=True)
    votes = Votes.from_rows([0] * len(said), who, kinds, labels=labels)
    [one] = FixedPoint(WorkerSkills(fitting, crowd, labels=labels)).decide(votes)
    return one.value, one.confidence
