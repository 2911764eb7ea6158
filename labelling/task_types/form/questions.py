"""The questions of a form, each as a question of its own type; and which of them are asked, after what was answered before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from labelling import task_types
from labelling.task_types.parts import words_of
from labelling.task_types.questions import label_ids
from labelling.task_types.task_type import TaskType

Answers = Mapping[str, dict]  # of one form: {id of the question: the answer in the shape of its type}


@dataclass(frozen=True)
class Asked:
    """id: of the answer; name: of the question in the form. question: as its own type knows it (task_types/questions.py). part: of a
    question that is asked of each part, the one that it is about; its answers stand under `<question>/<part>`."""

    id: str
    name: str
    settings: Mapping[str, Any]  # of the question in the form: title, required, show_if, weight ...
    kind: TaskType
    question: dict
    part: str = ""
    place: str = ""  # of the part: `2 / 3`

    @property
    def is_required(self) -> bool:
        return self.settings.get("required", True)

    def title(self, language: str) -> str:
        titles = self.settings["title"]
        title = titles.get(language) or titles.get("en") or next(iter(titles.values()))
        return f"{title} ({self.place})" if self.place else title

    def applies(self, answers: Answers, above: Mapping[str, Asked]) -> bool:
        """Whether it is asked of whoever has answered so. A condition on a question of each part is about the same part."""
        condition = self.settings.get("show_if")
        if not condition:
            return True
        names = [f"{condition['question']}/{self.part}", condition["question"]]
        found = next((name for name in names if name in above), None)
        if found is None or (said := answers.get(found)) is None:
            return False
        if "is" in condition:
            return bool(above[found].kind.labels_in(said) & set(condition["is"]))
        number = number_in(above[found].kind, said)
        return number is not None and condition["from"] <= number <= condition["to"]


def number_in(kind: TaskType, value: dict) -> float | None:
    """The number that an answer is; None where it is none."""
    said = value.get(kind.scalar) if kind.scalar else None
    return said if isinstance(said, int | float) and not isinstance(said, bool) else None


def questions_of(question: dict, *answers: Answers) -> list[Asked]:
    """In the order in which they are asked: what is asked of each part, one part after the other. Where the parts are not at hand, those
    that were answered stand for them. A question of a type that this version does not know is none."""
    given = [one for one in question["config"].get("questions", []) if one["type"] in task_types.NAMES]
    return [asked for one in given for asked in _asked(one, question, answers)]


def _asked(one: dict, question: dict, answers: tuple[Answers, ...]) -> list[Asked]:
    settings = one.get("settings", {})
    inner = {**question, "labels": label_ids(settings), "config": settings}
    kind = task_types.get(one["type"])
    if "each" not in one:
        return [Asked(one["id"], one["id"], one, kind, inner)]
    parts = [part for part in question.get("parts", []) if part["role"] in one["each"]] or _answered(one, answers)
    return [
        Asked(
            f"{one['id']}/{part['id']}", one["id"], one, kind, _of_part(inner, part), part["id"], f"{n} / {len(parts)}"
        )
        for n, part in enumerate(parts, 1)
    ]


def _answered(one: dict, answers: tuple[Answers, ...]) -> list[dict]:
    names = {name: None for said in answers for name in said if name.startswith(f"{one['id']}/")}
    return [{"id": name.partition("/")[2]} for name in names]


def _of_part(inner: dict, part: dict) -> dict:
    """The question about one part alone: its text, its size."""
    size = {name: part.get(name) or 0 for name in ("width_px", "height_px", "duration_ms")}
    return {**inner, **size, "text": words_of(part), "parts": [part]}


def asked_of(question: dict, answers: Answers) -> list[Asked]:
    """Those that are asked of whoever answered so."""
    above: dict[str, Asked] = {}
    found = []
    for one in questions_of(question, answers):
        if one.applies({name: answers[name] for name in above if name in answers}, above):
            found.append(one)
            above[one.id] = one
    return found
