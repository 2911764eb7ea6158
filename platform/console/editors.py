"""Where a person of the console writes an answer: the widget that workers have, in a frame of the page, over a field of JSON.

The widget writes into the field (worker_app/src/screens/editor); without a script the field is typed into. Whatever stands in it goes
the way of every answer: the verb has its type parse it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from kernel.errors import DomainError
from labelling.models import Item, Project
from labelling.work.sent_item import item_as_sent
from people.strict_json import read_json

MAX_STARTS = 30


@dataclass(frozen=True)
class Start:
    """An answer to begin with: `key` is how the address of the page names it."""

    key: str
    name: str
    json: str


@dataclass(frozen=True)
class Editor:
    """One on a page. `written` is what stands in the field; `problem` is what was wrong with it."""

    written: str
    starts: tuple[Start, ...] = ()
    problem: DomainError | None = None


def task_of(project: Project, item: Item) -> dict[str, Any]:
    """What the widget asks about: once a page, for all of its editors."""
    return {"task_type": project.task_type, "config": project.config, "item": item_as_sent(item, item.pk)}


def editor_of(
    value: object, starts: Iterable[tuple[str, str, object]] = (), *, problem: DomainError | None = None
) -> Editor:
    """`value` stands in it, a text as it was written; `starts` are (key, name, value)."""
    begun = tuple(Start(key, name, _written(one)) for key, name, one in starts)
    return Editor(_written(value), begun[:MAX_STARTS], problem)


def _written(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def read_answer(written: str) -> Any:
    """What was written, for its type to parse."""
    if not written.strip():
        raise DomainError(_("Write the answer first: nothing stands in it yet."), field="value")
    try:
        return read_json(written)
    except ValueError as error:
        raise DomainError(_("The answer must be written as JSON: this cannot be read."), field="value") from error
