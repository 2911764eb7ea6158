"""Checks that several answer shapes share. Each raises BadAnswer with one sentence."""

from __future__ import annotations

from typing import Any

from labelling.task_types.errors import BadAnswer
from labelling.task_types.label_names import names_of


def exact_keys(value: Any, keys: set[str], path: str) -> dict:
    """An object with just these keys: an unknown key is a mistake of the sender's, never dropped in silence."""
    if not isinstance(value, dict):
        raise BadAnswer(path, f"{path} must be an object with {_names(keys)}.")
    missing, unknown = keys - value.keys(), value.keys() - keys
    if missing:
        raise BadAnswer(f"{path}.{min(missing)}", f"{path} lacks {min(missing)}: send {_names(keys)}.")
    if unknown:
        raise BadAnswer(
            f"{path}.{min(map(str, unknown))}", f"{path} knows no {min(map(str, unknown))}: send {_names(keys)}."
        )
    return value


def label_of(value: Any, question: dict, path: str) -> str:
    labels = question["labels"]
    if value not in labels if isinstance(value, str) else True:
        names = names_of(question.get("config") or {})
        shown = ", ".join(names.get(one, one) for one in labels[:12]) + (" …" if len(labels) > 12 else "")
        raise BadAnswer(path, f"{path} must be one of the project's labels: {shown}.")
    return value


def whole_number(value: Any, path: str, least: int, most: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise BadAnswer(path, f"{path} must be a whole number from {least} to {most}.")
    return value


def _names(keys: set[str]) -> str:
    return " and ".join(sorted(keys))
