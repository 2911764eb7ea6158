"""rating: on three to seven steps the ordinal model, with a bias and a noise of each worker (consensus.core.labels.ordinal); on a slider
numbers with bias, scale and noise (consensus.core.numbers.numeric_model). Models and sources are there.

Confidence is the chance that the truth lies within what the project counts as right. The shares of the steps, or the spread of the
number, stand in the detail.
"""

from __future__ import annotations

from math import erf, isfinite, sqrt
from typing import Any

import numpy as np

from consensus.core.answers.decisions import Decision
from consensus.core.answers.skills import WorkerSkills
from consensus.core.labels.ordered_models import Ordinal
from consensus.core.labels.votes import Votes
from consensus.core.numbers.models import Measurement
from consensus.core.numbers.numeric import Numbers
from labelling.task_types.merging import SUREST_PPM, columns_of, decided_of, known_ids, learned_of, ppm, truths_of
from labelling.task_types.rating.gold import is_right
from labelling.task_types.rating.scale import SLIDER, bounds_of, near_of
from labelling.task_types.votes import CROWD, Decided, Learned, Task

METHOD = "rating-ordinal-numbers/1"
OWN = {"steps": ("confusion", "accuracy"), "slider": ("bias", "slope", "var_bias", "var_slope", "covariance", "noise")}


def kind_of(config: dict) -> str:
    return "slider" if bounds_of(config)[1] == SLIDER else "steps"


def steps_of(config: dict) -> list[int]:
    low, high, _step = bounds_of(config)
    return list(range(low, high + 1))


def decide_many(tasks: list[Task], skills: dict[str, dict], config: dict) -> list[Decided]:
    known = _known(skills, config)
    model = _model(config, known)

    def say(task: Task, one: Decision) -> dict:
        return {"rating": round(one.value)}

    decided = decided_of(
        tasks, model.decide(_answers(tasks, config)), say, is_right, lambda task, one: _detail(config, one)
    )
    return decided if kind_of(config) == "slider" else [_within(one, config) for one in decided]


def _within(one: Decided, config: dict) -> Decided:
    """The chance of all steps that count as right, where more than one does."""
    shares, near = one.detail["steps"], near_of(config)
    sure = sum(
        share for step, share in zip(steps_of(config), shares, strict=True) if abs(step - one.value["rating"]) <= near
    )
    return Decided(**{**vars(one), "confidence_ppm": min(sure, SUREST_PPM)})


def _detail(config: dict, one: Decision) -> dict:
    """steps: the chance of each, ppm; of a slider sd, and low and high (95 %)."""
    if kind_of(config) == "steps":
        return {"detail": {"steps": [ppm(share) for share in one.detail["posteriors"]]}}
    return {"detail": {name: round(float(one.detail[name]), 3) for name in ("sd", "low", "high")}}


def learn_skills_of(tasks: list[Task], config: dict) -> dict[str, Learned]:
    """How far each annotator's ratings lie from the truth, and how often they are right."""
    answers = _answers(tasks, config)
    if not len(answers.worker_ids):
        return {}
    skills = _model(config).fit(answers, gold=truths_of(tasks, lambda truth: truth["rating"])).skills
    own, of = OWN[kind_of(config)], {"kind": kind_of(config), "scale": bounds_of(config)[1]}
    if not all(isfinite(one) for one in skills.crowd.values() if isinstance(one, float)):
        return {}  # no item has two answers yet
    rows = {name: row | {"accuracy": _accuracy(config, row, skills.crowd)} for name, row in skills.workers.items()}
    weights = [max(skills.answers[name], 1e-9) for name in rows]
    crowd = {"accuracy": float(np.average([row["accuracy"] for row in rows.values()], weights=weights))}
    everybody = Learned({**of, **skills.crowd}, _summary(crowd), sum(skills.answers.values()))
    told = WorkerSkills(rows, skills.crowd, skills.answers)
    return learned_of(told, lambda row: {**of, **{key: row[key] for key in own}}, _summary, everybody)


def _accuracy(config: dict, row: dict, crowd: dict) -> float:
    """The chance that an answer lies within what counts as right: of steps by the confusion, else by bias and noise, as if normal."""
    near = near_of(config)
    if kind_of(config) == "steps":
        steps = np.arange(len(crowd["prior"]))
        right = np.abs(steps[:, None] - steps[None]) <= near
        return float(np.array(crowd["prior"]) @ (np.array(row["confusion"]) * right).sum(axis=1))
    spread = crowd["unit"] * sqrt(2 * row["noise"])
    ends = [(side * near - crowd["unit"] * row["bias"]) / spread for side in (1, -1)]
    return (erf(ends[0]) - erf(ends[1])) / 2


def _summary(row: dict) -> dict:
    return {"accuracy_ppm": ppm(row["accuracy"])}


def _answers(tasks: list[Task], config: dict) -> Any:
    rows = columns_of(tasks, lambda value: value["rating"])
    if kind_of(config) == "slider":
        return Numbers.from_rows(*rows, bounds=bounds_of(config), **known_ids(tasks))
    return Votes.from_rows(*rows, labels=steps_of(config), **known_ids(tasks))


def _model(config: dict, skills: WorkerSkills | None = None) -> Any:
    if kind_of(config) == "slider":
        return Measurement(tolerance=near_of(config), scale="linear", skills=skills)
    return Ordinal(skills=skills)


def _known(skills: dict[str, dict], config: dict) -> WorkerSkills:
    """Skills on this scale; whoever is unknown rates as the crowd does, and before anything is known as people do."""
    of = {"kind": kind_of(config), "scale": bounds_of(config)[1]}
    fitting = {
        name: {key: value for key, value in row.items() if key not in of}
        for name, row in skills.items()
        if of.items() <= row.items()
    }
    crowd = fitting.pop(CROWD, None) or _newcomers(config)
    return WorkerSkills(fitting, crowd, labels=steps_of(config) if kind_of(config) == "steps" else ())


def _newcomers(config: dict) -> dict[str, Any]:
    if kind_of(config) == "slider":
        return Measurement.newcomers(bounds_of(config)).crowd
    return Ordinal.newcomers(steps_of(config)).crowd
