"""A known task as it was asked: its truth in the labels that the worker saw, and whether her answer is right.

Labels are merged, added and retired while tasks are out. Who was asked before a merge is as right with the one label as with the
other; who was not shown the true label cannot have missed it, so then it is no known task for her.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from labelling import task_types
from labelling.task_types.label_names import labels_within
from labelling.task_types.questions import merged_into


def shown_truth(
    task_type: str, truth: dict | None, config: Mapping[str, Any], past_labels: Sequence[Mapping[str, Any]]
) -> dict | None:
    """The truth in the labels of `config`, which is what she was asked; None where it holds one that she was not shown."""
    if truth is None:
        return None
    kind, asked = task_types.get(task_type), {label["id"] for label in labels_within(config)}
    if kind.labels_in(truth) <= asked:
        return truth
    truth = kind.relabel(truth, merged_into(past_labels))
    return truth if kind.labels_in(truth) <= asked else None


def is_right(
    task_type: str, value: dict, truth: dict, question: dict, past_labels: Sequence[Mapping[str, Any]]
) -> bool:
    kind, into = task_types.get(task_type), merged_into(past_labels)
    return kind.is_right(kind.relabel(value, into), kind.relabel(truth, into), question)
