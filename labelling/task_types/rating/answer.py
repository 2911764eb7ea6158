"""rating: a whole number on the project's scale, `{"rating": 4}`."""

from collections.abc import Mapping

from labelling.task_types.fields import exact_keys, whole_number
from labelling.task_types.rating.scale import bounds_of


def parse(value, question: dict) -> dict:
    low, high, _step = bounds_of(question["config"])
    return {"rating": whole_number(exact_keys(value, {"rating"}, "value")["rating"], "value.rating", low, high)}


def relabel(value: dict, into: Mapping[str, str]) -> dict:
    """A number has no labels."""
    return value


def labels_in(value: dict) -> set[str]:
    return set()
