"""mask: right when at least three quarters of the areas match the truth, both ways (F1 at IoU 0.5), as of boxes and outlines."""

from labelling.task_types.mask.agreement import ious
from labelling.task_types.matching import IOU_THRESHOLD

MIN_F1 = 0.75


def is_right(value: dict, truth: dict, question: dict) -> bool:
    total = len(value["masks"]) + len(truth["masks"])
    matched = sum(one >= IOU_THRESHOLD for one in ious(value, truth))
    return not total or 2 * matched / total >= MIN_F1
