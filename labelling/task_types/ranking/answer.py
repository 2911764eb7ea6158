"""ranking: the parts from the best to the worst, `{"order": [["a"], ["b", "c"]]}`; those of one rank are alike. Each stands in it once.

Canonical: the parts of a rank in the item's own order.
"""

from collections.abc import Mapping
from typing import Any

from labelling.task_types.errors import BadAnswer
from labelling.task_types.fields import exact_keys
from labelling.task_types.ranking import TYPE


def compared(question: dict) -> list[str]:
    return TYPE.compared(question["parts"])


def parse(value, question: dict) -> dict:
    ranks, parts = exact_keys(value, {"order"}, "value")["order"], compared(question)
    if not isinstance(ranks, list) or not all(isinstance(rank, list) and rank for rank in ranks):
        raise BadAnswer("value.order", "value.order must be a list of ranks, each a list of ids of parts.")
    named = [part for rank in ranks for part in rank]
    place = {part: at for at, part in enumerate(parts)}
    if strange := next((part for part in named if not isinstance(part, str) or part not in place), None):
        raise BadAnswer("value.order", f"value.order names {str(strange)[:40]}, and the parts are {', '.join(parts)}.")
    if any(not isinstance(part, str) for part in named) or sorted(named) != sorted(parts):
        raise BadAnswer("value.order", f"value.order must name each of {', '.join(parts)} once.")
    return {"order": [sorted(rank, key=place.__getitem__) for rank in ranks]}


def ranks_of(value: Mapping[str, Any]) -> dict[str, int]:
    """{part: its rank, 0 the best}"""
    return {part: at for at, rank in enumerate(value["order"]) for part in rank}


def relabel(value: dict, into: Mapping[str, str]) -> dict:
    return value


def labels_in(value: dict) -> set[str]:
    return set()
