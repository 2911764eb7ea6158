"""How a table is to be read, as far as its sender has said so."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from kernel.errors import DomainError
from kernel.texts import is_keepable
from labelling.formats import own
from labelling.formats.encodings import ENCODINGS
from labelling.formats.rows import COLUMNS
from labelling.task_types.parts import ROLES

PART_COLUMNS = ROLES  # a column can be a part of an item of parts, and several can be parts of one role
MAIN = {"text": ("text",), "parts": ("parts", "messages", *PART_COLUMNS), "media": ("file", "url")}  # what is labelled
ONCE = ("id", "gold", "explanation")
SAID = ("suggestion",)  # never guessed by a name
OFTEN = ("metadata", "ignore")
SHAPES = ("lines", "whole")  # of plain text: an item a line, or the whole file one
_KEYS = {"columns": dict, "header": bool, "encoding": str, "shape": str, "ask": bool}
_CALLED = {
    "dict": '{name} must be an object, for example {{"Tweet": "text"}}.',
    "bool": "{name} must be true or false.",
    "str": "{name} must be text.",
    "": "{name} must be left out: there are {choices}.",
}


@dataclass(frozen=True)
class Reading:
    """`columns`: what each column means, by its name; those that are not named are metadata. `ask`: show it before anything
    is imported, however clear it is."""

    columns: Mapping[str, str] = field(default_factory=dict)
    header: bool | None = None
    encoding: str = ""
    shape: str = ""
    ask: bool = False

    @classmethod
    def of(cls, kept: dict | None) -> Reading:
        return cls(**(kept or {}))


def main_of(medium: str) -> tuple[str, ...]:
    """What a column can be called or meant as that holds what is labelled."""
    return MAIN.get(medium, MAIN["media"])


_NUMBERED = re.compile(r"[ _.-]*(\(?\d{1,2}\)?|[a-e])\Z")  # candidate_1, candidate B, step (3)


def part_role(name: str) -> str:
    """What a column of parts means that is called so; "" for one that means nothing."""
    key = name.strip().lower()
    if key in (*main_of("parts"), *ONCE, "truth", "metadata"):
        return key
    bare = _NUMBERED.sub("", key)
    return bare if bare in PART_COLUMNS else ""


def roles_of(medium: str) -> tuple[str, ...]:
    return (*main_of(medium), *ONCE, *SAID, *OFTEN)


def checked_reading(said: Any, medium: str, known: list[str] | None = None) -> dict:
    """What was said, fit to be kept, or a DomainError that names the field. `known`: the table's columns, if it was shown."""
    if not isinstance(said, Mapping):
        raise DomainError("columns must be an object.", field="columns")
    kept = {name: value for name, value in said.items() if value is not None}
    if not is_keepable(kept):
        raise DomainError("columns must be plain text.", field="columns")
    for name, value in kept.items():
        if not isinstance(value, _KEYS.get(name, ())):
            said = {"name": name, "choices": ", ".join(_KEYS)}
            raise DomainError(_CALLED[_KEYS[name].__name__ if name in _KEYS else ""], field=name, said=said)
    for name, allowed in (("encoding", ENCODINGS), ("shape", SHAPES)):
        if kept.get(name) and kept[name] not in allowed:
            raise DomainError(
                "{name} must be one of {choices}.", field=name, said={"name": name, "choices": ", ".join(allowed)}
            )
    if "columns" in kept:
        _check_columns(kept["columns"], medium, known)
    return kept


def _check_columns(columns: Mapping, medium: str, known: list[str] | None) -> None:
    roles = roles_of(medium)
    if len(columns) > COLUMNS:
        raise DomainError(
            "columns names {count}: a table has at most {columns}.",
            field="columns",
            said={"count": len(columns), "columns": COLUMNS},
        )
    for name, role in columns.items():
        field_name = f"columns.{name[:60]}"
        if role not in roles:
            raise DomainError(
                "{field_name} must be one of {choices}.",
                field=field_name,
                said={"field_name": field_name, "choices": ", ".join(roles)},
            )
        if known is not None and name not in known:
            there = ", ".join(one[:40] for one in known[:12])
            raise DomainError(
                "{field_name} is no column of this table. There are {there}.",
                field=field_name,
                said={"field_name": field_name, "there": there},
            )
    for role in roles:
        named = [name[:60] for name, said in columns.items() if said == role]
        if role not in (*OFTEN, *PART_COLUMNS) and len(named) > 1:
            raise DomainError(
                "columns: {one} and {other} cannot both be the {role}: choose one.",
                field=f"columns.{named[1]}",
                said={"one": named[0], "other": named[1], "role": role},
            )
    wanted = main_of(medium)
    if not set(wanted) & set(columns.values()) and columns.keys() != {own.DECISION}:
        raise DomainError(
            "columns: say which column is the {choices}.",
            field="columns",
            said={"choices": ", ".join(wanted[:6])},
        )
