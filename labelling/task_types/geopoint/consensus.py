"""geopoint: the weighted spherical median of the pins, each by how far its worker's lie off (`consensus.core.regions.geopoints`, model and
source there). How sure the crowd is of it is the middle of what they say.

Confidence is the chance to lie within what the project counts as right.
"""

from __future__ import annotations

from statistics import median_low

from consensus.core.answers.decisions import Decision
from consensus.core.answers.skills import WorkerSkills
from consensus.core.regions.geopoints import SPREAD_PRIOR_M
from consensus.core.regions.pins import Pins, Places
from labelling.task_types.geopoint.answer import degrees, made
from labelling.task_types.geopoint.gold import is_right, near_of
from labelling.task_types.merging import columns_of, decided_of, known_ids, learned_of, ppm, truths_of
from labelling.task_types.votes import CROWD, Decided, Learned, Task

METHOD = "geopoint-spherical-median/1"
OWN = ("spread_m", "pins")


def decide_many(tasks: list[Task], skills: dict[str, dict], config: dict) -> list[Decided]:
    if not tasks:
        return []

    def say(task: Task, one: Decision) -> dict:
        latitude, longitude = one.value
        radius = median_low(vote.value["place"]["radius_m"] for vote in task.votes)
        return made(round(latitude * 1e6), round(longitude * 1e6), radius)

    def more(task: Task, one: Decision) -> dict:
        return {"detail": {"error_m": round(float(one.detail["error_m"]))}}

    decisions = Places(near_of(config), _known(skills)).decide(_pins(tasks))
    return decided_of(tasks, decisions, say, is_right, more)


def learn_skills_of(tasks: list[Task], config: dict) -> dict[str, Learned]:
    """How far everybody's pins lie off."""
    pins = _pins(tasks)
    if not len(pins.worker_ids):
        return {}
    near = near_of(config)
    skills = Places(near).fit(pins, gold=truths_of(tasks, degrees)).skills
    tables = {key: skills.crowd[key] for key in OWN}
    everybody = Learned(tables, _summary(skills.crowd, near), sum(skills.answers.values()))
    return learned_of(skills, lambda row: {key: row[key] for key in OWN}, lambda row: _summary(row, near), everybody)


def _summary(row: dict, near_m: int) -> dict:
    """The chance to lie near enough, as the model has it of somebody alone."""
    return {"accuracy_ppm": ppm(near_m / (near_m + row["spread_m"])), "spread_m": round(row["spread_m"])}


def _pins(tasks: list[Task]) -> Pins:
    return Pins.from_rows(*columns_of(tasks, degrees), **known_ids(tasks))


def _known(skills: dict[str, dict]) -> WorkerSkills:
    rows = {name: {key: row[key] for key in OWN} for name, row in skills.items()}
    crowd = rows.pop(CROWD, {"spread_m": SPREAD_PRIOR_M, "pins": 0.0})
    return WorkerSkills(rows, crowd)
