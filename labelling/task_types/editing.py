"""How a person types an answer into a form, whatever its type: a cell for each field, and for marks a row of cells a mark."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from labelling.task_types.cells import Cell
from labelling.task_types.task_type import TaskType

MAX_ROWS, NEW_ROWS = 500, 2


def rows_of(kind: TaskType, value: Mapping[str, Any]) -> list[dict[str, str]]:
    """The marks of a value, each as what its cells hold."""
    marks = value.get(kind.marks, []) if kind.marks else []
    return [{cell.name: _shown(cell, mark[cell.name]) for cell in kind.cells} for mark in marks]


def shown(kind: TaskType, value: Mapping[str, Any]) -> dict[str, str]:
    """A value that is one thing, as what its cells hold."""
    return {cell.name: _shown(cell, value[cell.name]) for cell in kind.cells if cell.name in value}


def read_value(kind: TaskType, typed: Mapping[str, str]) -> dict:
    """What was typed, in the shape of an answer; what is wrong with it is said by whoever checks it. A row is dropped by its tick
    (`drop_3`), or by leaving all its cells but the label empty."""
    if kind.marks is None:
        return {cell.name: _read(cell, typed.get(cell.name, "")) for cell in kind.cells}
    rows = [n for n in range(MAX_ROWS + NEW_ROWS) if f"drop_{n}" not in typed and _is_filled(kind, typed, n)]
    return {
        kind.marks: [{cell.name: _read(cell, typed.get(f"{cell.name}_{n}", "")) for cell in kind.cells} for n in rows]
    }


def _is_filled(kind: TaskType, typed: Mapping[str, str], n: int) -> bool:
    return any(typed.get(f"{cell.name}_{n}", "").strip() for cell in kind.cells if cell.kind != "label")


def _shown(cell: Cell, value: Any) -> str:
    if cell.kind == "json":
        return json.dumps(value, ensure_ascii=False)
    return " ".join(f"{x},{y}" for x, y in value) if cell.kind == "points" else str(value)


def _read(cell: Cell, text: str) -> Any:
    if cell.kind == "json":
        try:
            return json.loads(text)
        except (ValueError, RecursionError):
            return text
    if cell.kind == "points":
        return [[_number(part) for part in pair.split(",")] for pair in text.split()]
    return _number(text) if cell.kind == "number" else text


def _number(text: str) -> int | str:
    return int(text) if text.strip().isascii() and text.strip().isdigit() and len(text) < 10 else text
