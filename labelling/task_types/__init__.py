"""Everything about one answer shape, a folder each. Adding a type is adding a folder: it is found, no list names it.

Pure: no Django, no Celery, no DRF. `get(name)` gives a `TaskType` (task_type.py says what that is); the contract suite in
tests/types checks them all. How to add one: docs/guides/add_a_task_type.md.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from labelling.task_types.task_type import TaskType

NAMES = tuple(sorted(module.name for module in iter_modules(__path__) if module.ispkg))


@cache
def get(name: str) -> TaskType:
    """The task type of that name; KeyError when there is none."""
    if name not in NAMES:
        raise KeyError(f"There is no task type {name!r}: choose one of {', '.join(NAMES)}.")
    return import_module(f"{__name__}.{name}").TYPE


def every() -> list[TaskType]:
    return [get(name) for name in NAMES]
