"""first_wrong: the first step that is wrong, `{"wrong": [{"step": "<part id>", "label": "<kind>", "severity": 2}]}`; an empty list says
that nothing is wrong. `severity` is there where the project asks for it.

Steps are the parts that whoever is judged has done or said: thoughts, calls of tools, answers, steps. Places are counted among them.
"""

from collections.abc import Mapping
from typing import Any

from labelling.task_types.errors import BadAnswer
from labelling.task_types.fields import exact_keys, label_of, whole_number
from labelling.task_types.first_wrong import TYPE
from labelling.task_types.marks import MarkList


def steps_of(question: dict) -> list[str]:
    """The ids of the steps, from the first."""
    return TYPE.compared(question["parts"])


def place_of(value: Mapping[str, Any], question: dict) -> int:
    """Of the first wrong step, from 0; how many there are where nothing is wrong."""
    steps = steps_of(question)
    return steps.index(value["wrong"][0]["step"]) if value["wrong"] else len(steps)


def _step(step, question: dict, path: str) -> dict:
    most = question["config"].get("severity")
    body = exact_keys(step, {"step", "label"} | ({"severity"} if most else set()), path)
    if body["step"] not in (known := steps_of(question)):
        raise BadAnswer(f"{path}.step", f"{path}.step must be one of the steps: {', '.join(known[:40])}.")
    found = {"step": body["step"], "label": label_of(body["label"], question, f"{path}.label")}
    return found | ({"severity": whole_number(body["severity"], f"{path}.severity", 1, most)} if most else {})


_MARKS = MarkList("wrong", 1, _step, lambda one: one["step"])
parse, relabel, labels_in = _MARKS.parse, _MARKS.relabel, _MARKS.labels_in
