"""What types share whose answer is a list of labelled marks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any


def relabelled(marks: list[dict], into: Mapping[str, str], place: Callable[[dict], Any]) -> list[dict]:
    """Each mark's label called what it is one with now; in canonical order again. Marks that have become the same are one."""
    named = sorted(({**mark, "label": into.get(mark["label"], mark["label"])} for mark in marks), key=place)
    return [mark for n, mark in enumerate(named) if not n or mark != named[n - 1]]


def labels_of(marks: list[dict]) -> set[str]:
    return {mark["label"] for mark in marks}
