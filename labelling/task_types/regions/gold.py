"""regions: right when lines and letters agree with the truth by three quarters, both ways."""

from labelling.task_types.regions.agreement import agreement

LEAST = 0.75


def is_right(value: dict, truth: dict, question: dict) -> bool:
    return agreement(value, truth, question) >= LEAST
