"""What a format is: a name, what it can say, and a streaming writer. Each folder here exports one as FORMAT and is found by it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from labelling import task_types
from labelling.formats.frozen import Frozen


@dataclass(frozen=True)
class Format:
    """draws: the shapes that it can say; it fits the task types whose answers are such shapes. None: it says any answer."""

    name: str
    title: str
    extension: str
    content_type: str
    write: Callable[[Frozen], Iterator[bytes]]
    draws: frozenset[type] | None = None

    def fits(self, task_type: str) -> bool:
        return self.draws is None or task_types.get(task_type).draws in self.draws
