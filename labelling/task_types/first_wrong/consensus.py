"""first_wrong: which step it is by `consensus.core.labels.first_fault`: readers who find the first wrong step, miss it, or see one
where none is. Model and sources are there. Its kind is decided among those who named that step (kinds.py), and how bad it is, is the
middle of what they say.

Confidence is the chance that the step is right, as near as the project counts, times that of its kind.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from statistics import median_low
from typing import Any

from consensus.core.answers.decisions import Decision
from consensus.core.answers.skills import WorkerSkills
from consensus.core.labels.first_fault_models import FirstFault, Stops
from labelling.task_types.first_wrong import kinds
from labelling.task_types.first_wrong.agreement import agreement
from labelling.task_types.first_wrong.answer import place_of, steps_of
from labelling.task_types.first_wrong.gold import is_right
from labelling.task_types.merging import SUREST_PPM, known_ids, label_ids, learned_of, ppm
from labelling.task_types.votes import CROWD, Decided, Learned, Task, Vote, pair_agreement_ppm

METHOD = "first-wrong-readers/1"
OWN, OF_CROWD = ("finds", "alarms", "accuracy"), ("late", "hazard")


# --- deciding -----------------------------------------------------------------------------------------------------------
def decide_many(tasks: list[Task], skills: dict[str, dict], config: dict) -> list[Decided]:
    if not tasks:
        return []
    model = FirstFault(config.get("near", 0), _known(skills))
    known = {name: row["kinds"] for name, row in skills.items() if row.get("kinds")}
    decisions = model.decide(_stops(tasks))
    return [_decided(task, one, config, known) for task, one in zip(tasks, decisions, strict=True)]


def _decided(task: Task, one: Decision, config: dict, known: dict[str, dict]) -> Decided:
    steps, chances = steps_of(task.question), one.detail["chances"]
    place = len(steps) if one.value is None else one.value
    value: dict[str, Any] = {"wrong": []}
    sure = one.confidence
    if place < len(steps):
        votes = _naming(task, place) or _erring(task)
        kind, kind_sure = kinds.decided([_said(vote) for vote in votes], label_ids(config), known)
        value["wrong"] = [{"step": steps[place], "label": kind, **_severity(votes, config)}]
        sure *= kind_sure
    agreed = [is_right(vote.value, value, task.question) for vote in task.votes]
    detail = {"chances": {step: ppm(chance) for step, chance in zip([*steps, ""], chances, strict=True)}}
    told = pair_agreement_ppm(task.votes, task.question, agreement)
    return Decided(value, min(ppm(sure), SUREST_PPM), told, agreed, detail)


def _naming(task: Task, place: int) -> list[Vote]:
    """Who named the step at this place."""
    return [vote for vote in _erring(task) if place_of(vote.value, task.question) == place]


def _said(vote: Vote) -> tuple[str, str]:
    return vote.annotator, vote.value["wrong"][0]["label"]


def _erring(task: Task) -> list[Vote]:
    """Who found something wrong, at whatever step."""
    return [vote for vote in task.votes if vote.value["wrong"]]


def _severity(votes: list[Vote], config: dict) -> dict[str, int]:
    if not config.get("severity"):
        return {}
    said = [vote.value["wrong"][0].get("severity", 1) for vote in votes]
    return {"severity": min(median_low(said) if said else 1, config["severity"])}


# --- learning -----------------------------------------------------------------------------------------------------------
def learn_skills_of(tasks: list[Task], config: dict) -> dict[str, Learned]:
    """Of everybody and of the crowd: how often the first wrong step is found, and how often a right one is taken for wrong."""
    if not any(task.votes for task in tasks):
        return {}
    truths = {place: place_of(task.truth, task.question) for place, task in enumerate(tasks) if task.truth}
    stops = _stops(tasks)
    model = FirstFault().fit(stops, gold=truths)
    skills, of_kinds = model.skills, _kinds(tasks, model.decide(stops), label_ids(config))
    crowd = {key: skills.crowd[key] for key in (*OWN, *OF_CROWD)}
    everybody = Learned(crowd, _summary(crowd), sum(skills.answers.values()))
    found = learned_of(skills, lambda row: {key: row[key] for key in OWN}, _summary, everybody)
    return {name: _with_kinds(one, of_kinds.get(name) or of_kinds.get(CROWD)) for name, one in found.items()}


def _kinds(tasks: list[Task], decisions: Iterable[Decision], labels: list[str]) -> dict[str, dict]:
    """Of those who named the step that was decided, or is known."""
    rows = [
        (place, *_said(vote))
        for place, (task, one) in enumerate(zip(tasks, decisions, strict=True))
        for vote in _naming(task, -1 if one.value is None else one.value)
    ]
    known = [(place, task.truth) for place, task in enumerate(tasks) if task.truth and task.truth["wrong"]]
    gold = {place: truth["wrong"][0]["label"] for place, truth in known}
    return kinds.learned([row for row in rows if row[2] in labels], labels, gold)


def _with_kinds(one: Learned, row: dict | None) -> Learned:
    """Right is who names the step and its kind."""
    if row is None:
        return one
    summary = {**one.summary, "accuracy_ppm": round(one.summary["accuracy_ppm"] * row["accuracy"])}
    summary["kind_right_ppm"] = ppm(row["accuracy"])
    return Learned({**one.tables, "kinds": row}, summary, one.answers)


def _summary(row: dict) -> dict:
    return {
        "accuracy_ppm": ppm(row["accuracy"]),
        "recall_ppm": ppm(row["finds"]),
        "false_alarm_ppm": ppm(row["alarms"]),
    }


def _stops(tasks: list[Task]) -> Stops:
    rows = [
        (place, vote.annotator, place_of(vote.value, task.question))
        for place, task in enumerate(tasks)
        for vote in task.votes
    ]
    columns = [list(column) for column in zip(*rows, strict=True)] if rows else [[], [], []]
    lengths: dict[Hashable, int] = {place: len(steps_of(task.question)) for place, task in enumerate(tasks)}
    return Stops.from_rows(*columns, steps=lengths, **known_ids(tasks))


def _known(skills: dict[str, dict]) -> WorkerSkills:
    stranger = FirstFault.newcomers().crowd
    workers = {name: {key: row[key] for key in OWN} for name, row in skills.items() if name != CROWD}
    return WorkerSkills(workers, {**stranger, **skills.get(CROWD, {})})
