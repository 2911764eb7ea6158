"""Everything about one answer shape, a folder each. Adding a type is adding a folder and naming it here.

Pure: no Django, no Celery, no DRF. `get(name)` gives a `TaskType`; the contract suite in tests/types checks them all.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from types import ModuleType
from typing import Any

NAMES = ("boxes", "choice", "text")


@dataclass(frozen=True)
class TaskType:
    name: str
    answer: (
        ModuleType  # parse(value, question) -> canonical value, or BadAnswer; relabel(value, into), labels_in(value)
    )
    agreement: ModuleType  # agreement(a, b, question) -> 0..1
    gold: ModuleType  # is_right(value, truth, question) -> bool
    consensus: ModuleType  # decide_many(...), learn_skills(...)
    tempo: ModuleType  # least_ms(value, question, suggested) -> int: nobody answers in less

    def parse(self, value: Any, question: dict) -> dict:
        return self.answer.parse(value, question)

    def relabel(self, value: dict, into: Mapping[str, str]) -> dict:
        """The answer with the labels that were merged called by what they are one with now."""
        return self.answer.relabel(value, into) if into else value

    def labels_in(self, value: dict) -> set[str]:
        return self.answer.labels_in(value)

    def is_right(self, value: dict, truth: dict, question: dict) -> bool:
        return self.gold.is_right(value, truth, question)


@cache
def get(name: str) -> TaskType:
    """The task type of that name; KeyError when there is none."""
    if name not in NAMES:
        raise KeyError(f"There is no task type {name!r}: choose one of {', '.join(NAMES)}.")
    parts = {part: import_module(f"labelling.task_types.{name}.{part}") for part in _PARTS}
    return TaskType(name=name, **parts)


_PARTS = ("answer", "agreement", "gold", "consensus", "tempo")
