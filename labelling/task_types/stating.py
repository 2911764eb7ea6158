"""What a file states of an item by labels, words, a number, an order or several of them, as an answer of a type."""

from __future__ import annotations

from typing import Any

from labelling.task_types.drawing import Drawing, Tag, Words
from labelling.task_types.label_names import label_finder
from labelling.task_types.task_type import TaskType


def value_of(kind: TaskType, drawing: Drawing, question: dict) -> dict[str, Any] | None:
    """The value, not checked yet; None where the drawing says nothing that the type asks. Labels are names or ids."""
    if drawing.rows is not None:
        return kind.rows.of_rows(drawing.rows, question) if kind.rows else None
    if drawing.order is not None:
        return kind.order.of_order(drawing.order, question) if kind.order else None
    if drawing.labels is not None and kind.draws is Tag:
        return _chosen(kind, drawing.labels, question)
    if drawing.words is not None and kind.draws is Words:
        return {str(kind.scalar): drawing.words}
    if drawing.number is not None and kind.number:
        whole = float(drawing.number).is_integer()
        return {str(kind.scalar): int(drawing.number) if whole else drawing.number}
    return None


def _chosen(kind: TaskType, labels: Any, question: dict) -> dict[str, Any] | None:
    """What is no label of the project's is left for the check to say. None where several are stated and one is asked."""
    find = label_finder(question["config"])
    found = [find(one) or one for one in labels]
    if kind.scalar == "labels":
        return {"labels": found}
    return {str(kind.scalar): found[0]} if len(found) == 1 else None
