"""keypoints: right when at least three quarters of the figures match the truth, both ways (F1 at OKS 0.5)."""

from labelling.task_types.keypoints.agreement import similarity
from labelling.task_types.matching import f1

MIN_F1 = 0.75


def is_right(value: dict, truth: dict, question: dict) -> bool:
    return f1(value["figures"], truth["figures"], lambda a, b: similarity(a, b, question)) >= MIN_F1
