"""text: right when at most a tenth of the characters differ after folding."""

from labelling.task_types.text.agreement import agreement

MIN_SIMILARITY = 0.9


def is_right(value: dict, truth: dict, question: dict) -> bool:
    return agreement(value, truth, question) >= MIN_SIMILARITY
