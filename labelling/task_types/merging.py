"""From a task type's votes to the library's tables, and from its decisions back: what every type's consensus.py does alike."""

from __future__ import annotations

from collections.abc import Callable
from math import isnan
from typing import Any, TypedDict

from consensus.core.answers.decisions import Decision, Decisions
from consensus.core.answers.skills import WorkerSkills
from labelling.task_types.votes import CROWD, Decided, Learned, Task

SUREST_PPM = 999_999  # nothing that people decide is beyond doubt


def label_ids(config: dict) -> list[str]:
    return [label["id"] for label in config["labels"]]


def columns_of(tasks: list[Task], read: Callable[[dict], Any]) -> tuple[list[int], list[str], list[Any]]:
    """A row for each vote: the task's place, the annotator and what `read` takes from the value."""
    rows = [(place, vote.annotator, read(vote.value)) for place, task in enumerate(tasks) for vote in task.votes]
    return [row[0] for row in rows], [row[1] for row in rows], [row[2] for row in rows]


class Ids(TypedDict):
    item_ids: list[int]
    worker_ids: list[str]


def known_ids(tasks: list[Task]) -> Ids:
    """All items and annotators, also those without a mark or a label left."""
    annotators = {vote.annotator for task in tasks for vote in task.votes}
    return {"item_ids": list(range(len(tasks))), "worker_ids": sorted(annotators)}


def truths_of(tasks: list[Task], read: Callable[[dict], Any]) -> dict[int, Any]:
    return {place: read(task.truth) for place, task in enumerate(tasks) if task.truth}


def decided_of(
    tasks: list[Task],
    decisions: Decisions,
    say: Callable[[Task, Decision], dict],
    is_right: Callable[[dict, dict, dict], bool],
    more: Callable[[Task, Decision], dict[str, Any]],
) -> list[Decided]:
    """say: the value of the task type; more: further fields of Decided."""
    found = []
    for task, one in zip(tasks, decisions, strict=True):
        value = say(task, one)
        agreement = 1.0 if isnan(one.agreement) else one.agreement
        agreed = [is_right(vote.value, value, task.question) for vote in task.votes]
        confidence_ppm = min(ppm(one.confidence), SUREST_PPM)
        found.append(Decided(value, confidence_ppm, ppm(agreement), agreed, **more(task, one)))
    return found


def learned_of(
    skills: WorkerSkills, tables: Callable[[dict], dict], summary: Callable[[dict], dict], of_crowd: Learned
) -> dict[str, Learned]:
    """Everybody's tables (for deciding) and summary (for people) by her row of the skills, and the crowd's."""
    learned = {
        str(name): Learned(tables(row), summary(row), skills.answers[name]) for name, row in skills.workers.items()
    }
    return {**learned, CROWD: of_crowd}


def ppm(share: float) -> int:
    return round(1e6 * float(share))
