from collections.abc import Sequence

from labelling.task_types.drawing import Step


def of_steps(steps: Sequence[Step], question: dict) -> dict | None:
    """What a file states of the steps: a kind it does not know, so that is the only one that there is; None where there are several. How
    bad it is it does not know either: None where that is asked."""
    labels = question["labels"]
    if steps and (len(labels) != 1 or question["config"].get("severity")):
        return None
    return {"wrong": [{"step": one.part, "label": labels[0]} for one in steps]}
