"""polygons: right when at least three quarters of the marks match the truth, both ways (F1 at IoU 0.5)."""

from labelling.task_types.polygons.agreement import agreement

MIN_F1 = 0.75


def is_right(value: dict, truth: dict, question: dict) -> bool:
    return agreement(value, truth, question) >= MIN_F1
