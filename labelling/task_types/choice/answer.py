"""choice: one label, `{"label": "<label id>"}`."""

from collections.abc import Mapping

from labelling.task_types.fields import exact_keys, label_of


def parse(value, question: dict) -> dict:
    body = exact_keys(value, {"label"}, "value")
    return {"label": label_of(body["label"], question, "value.label")}


def relabel(value: dict, into: Mapping[str, str]) -> dict:
    """The same answer, its label called what it is one with now."""
    return {"label": into.get(value["label"], value["label"])}


def labels_in(value: dict) -> set[str]:
    return {value["label"]}
