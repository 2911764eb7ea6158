"""The questions of a form, each as a question of its own type; and which of them are asked, after what was answered before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from labelling import task_types
from labelling.task_types.questions import label_ids
from labelling.task_types.task_type import TaskType

Answers = Mapping[str, dict]  # of one form: {id of the question: the answer in the shape of its type}


@dataclass(frozen=True)
class Asked:
    """id: of the answer; name: of the question in the form. question: as its own type knows it (task_types/questions.py)."""

    id: str
    name: str
    settings: Mapping[str, Any]  # of the question in the form: title, required, show_if, weight ...
    kind: TaskType
    question: dict

    @property
    def is_required(self) -> bool:
        return self.settings.get("required", True)

    def title(self, language: str) -> str:
        titles = self.settings["title"]
        return titles.get(language) or titles.get("en") or next(iter(titles.values()))

    def applies(self, answers: Answers, above: Mapping[str, Asked]) -> bool:
        """Whether it is asked of whoever has answered so."""
        condition = self.settings.get("show_if")
        if not condition:
            return True
        said, asked = answers.get(condition["question"]), above.get(condition["question"])
        if said is None or asked is None:
            return False
        if "is" in condition:
            return bool(asked.kind.labels_in(said) & set(condition["is"]))
        number = number_in(asked.kind, said)
        return number is not None and condition["from"] <= number <= condition["to"]


def number_in(kind: TaskType, value: dict) -> float | None:
    """The number that an answer is; None where it is none."""
    said = value.get(kind.scalar) if kind.scalar else None
    return said if isinstance(said, int | float) and not isinstance(said, bool) else None


def questions_of(question: dict) -> list[Asked]:
    """In the order in which they are asked. A question of a type that this version does not know is none."""
    given = question["config"].get("questions", [])
    return [_asked(one, question) for one in given if one["type"] in task_types.NAMES]


def _asked(one: dict, question: dict) -> Asked:
    settings = one.get("settings", {})
    inner = {**question, "labels": label_ids(settings), "config": settings}
    return Asked(one["id"], one["id"], one, task_types.get(one["type"]), inner)


def asked_of(question: dict, answers: Answers) -> list[Asked]:
    """Those that are asked of whoever answered so."""
    above: dict[str, Asked] = {}
    found = []
    for one in questions_of(question):
        if one.applies({name: answers[name] for name in above if name in answers}, above):
            found.append(one)
            above[one.id] = one
    return found
