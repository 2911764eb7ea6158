"""choices: a set of labels, `{"labels": ["<label id>", ...]}`, in the order of their ids; the empty set says that none fits."""

from collections.abc import Mapping

from labelling.task_types.errors import BadAnswer
from labelling.task_types.fields import exact_keys, label_of


def parse(value, question: dict) -> dict:
    given = exact_keys(value, {"labels"}, "value")["labels"]
    if not isinstance(given, list):
        raise BadAnswer("value.labels", "value.labels must be a list of labels.")
    chosen = [label_of(one, question, f"value.labels[{place}]") for place, one in enumerate(given)]
    if len(set(chosen)) < len(chosen):
        raise BadAnswer("value.labels", "value.labels names a label twice: send each once.")
    config = question["config"]
    if not chosen and not config.get("none", True):
        raise BadAnswer("value.labels", "value.labels is empty: choose at least one label.")
    if len(chosen) > (most := config.get("most") or len(question["labels"])):
        raise BadAnswer("value.labels", f"value.labels holds {len(chosen)} labels: choose {most} at most.")
    return {"labels": sorted(chosen)}


def relabel(value: dict, into: Mapping[str, str]) -> dict:
    """The same answer, each label called what it is one with now: two that are one are there once."""
    return {"labels": sorted({into.get(label, label) for label in value["labels"]})}


def labels_in(value: dict) -> set[str]:
    return set(value["labels"])
