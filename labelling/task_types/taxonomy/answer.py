"""taxonomy: a node of the project's tree, `{"label": "<node id>"}`; one that is no leaf says that she cannot tell further."""

from collections.abc import Mapping

from labelling.task_types.errors import BadAnswer
from labelling.task_types.fields import exact_keys


def parse(value, question: dict) -> dict:
    node = exact_keys(value, {"label"}, "value")["label"]
    if not isinstance(node, str) or node not in question["labels"]:
        raise BadAnswer(
            "value.label", "value.label must be one of the categories of the project's tree, by its id or its path."
        )
    return {"label": node}


def relabel(value: dict, into: Mapping[str, str]) -> dict:
    return {"label": into.get(value["label"], value["label"])}


def labels_in(value: dict) -> set[str]:
    return {value["label"]}
