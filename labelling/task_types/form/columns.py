"""A form in a table: a column a question."""

from __future__ import annotations

from typing import Any


def columns_of(value: dict) -> dict[str, Any]:
    """Of an answer as it leaves, with the names of its labels: the one thing that each answer says, under `answers.<question>`."""
    return {f"answers.{name}": _said(one) for name, one in value["answers"].items()}


def _said(answer: dict) -> Any:
    fields = [said for key, said in answer.items() if key != "label_id"]
    return fields[0] if len(fields) == 1 else answer
