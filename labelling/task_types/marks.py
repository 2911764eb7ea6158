"""What types share whose answer is a list of labelled marks under one key."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from labelling.task_types.errors import BadAnswer
from labelling.task_types.fields import exact_keys


@dataclass(frozen=True)
class MarkList:
    """key: where the list stands in the value. most: how many it may hold. mark: (mark, question, path) -> the mark in canonical form, or
    BadAnswer. place: where it stands in canonical order. twice: what is said of a mark that stands there twice; None: it may."""

    key: str
    most: int
    mark: Callable[[Any, dict, str], dict]
    place: Callable[[dict], Any]
    twice: Callable[[dict], str] | None = None

    def parse(self, value: Any, question: dict) -> dict:
        """In canonical order, so that the same marks made in another order are the same answer."""
        path = f"value.{self.key}"
        marks = exact_keys(value, {self.key}, "value")[self.key]
        if not isinstance(marks, list) or len(marks) > self.most:
            raise BadAnswer(path, f"{path} must be a list of at most {self.most}.")
        parsed = sorted((self.mark(one, question, f"{path}[{i}]") for i, one in enumerate(marks)), key=self.place)
        for one, other in pairwise(parsed):
            if self.twice and one == other:
                raise BadAnswer(path, f"{path} {self.twice(one)}: send it once.")
        return {self.key: parsed}

    def relabel(self, value: dict, into: Mapping[str, str]) -> dict:
        return {self.key: relabelled(value[self.key], into, self.place)}

    def labels_in(self, value: dict) -> set[str]:
        return labels_of(value[self.key])


def relabelled(marks: list[dict], into: Mapping[str, str], place: Callable[[dict], Any]) -> list[dict]:
    """Each mark's label called what it is one with now; in canonical order again. Marks that have become the same are one."""
    named = sorted(({**mark, "label": into.get(mark["label"], mark["label"])} for mark in marks), key=place)
    return [mark for n, mark in enumerate(named) if not n or mark != named[n - 1]]


def labels_of(marks: list[dict]) -> set[str]:
    return {mark["label"] for mark in marks}
