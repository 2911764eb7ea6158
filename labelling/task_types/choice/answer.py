"""choice: one label, `{"label": "<label id>"}`."""

from labelling.task_types.fields import exact_keys, label_of

CONFIG_KEYS = {"labels"}  # of Project.config


def parse(value, question: dict) -> dict:
    body = exact_keys(value, {"label"}, "value")
    return {"label": label_of(body["label"], question, "value.label")}
