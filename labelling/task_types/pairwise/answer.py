"""pairwise: which of two or more parts is better, `{"chosen": "<part id>"}`; "same" where none is, "neither" where none is any good."""

from collections.abc import Mapping

from labelling.task_types.errors import BadAnswer
from labelling.task_types.fields import exact_keys
from labelling.task_types.pairwise import TYPE

SAME, NEITHER = "same", "neither"


def options(question: dict) -> list[str]:
    """What can be said of an item: one of its parts, or one of the words."""
    return [*TYPE.compared(question["parts"]), SAME, NEITHER]


def parse(value, question: dict) -> dict:
    body = exact_keys(value, {"chosen"}, "value")
    if body["chosen"] not in (known := options(question)):
        raise BadAnswer("value.chosen", f"value.chosen must be one of {', '.join(known)}.")
    return {"chosen": body["chosen"]}


def relabel(value: dict, into: Mapping[str, str]) -> dict:
    return value


def labels_in(value: dict) -> set[str]:
    return set()
