"""tracks: right when at least three quarters of the tracks match the truth, both ways (F1 at a mean IoU over time of 0.5)."""

from labelling.task_types.matching import f1
from labelling.task_types.tracks.agreement import iou_matrix

MIN_F1 = 0.75


def is_right(value: dict, truth: dict, question: dict) -> bool:
    return f1(value["tracks"], truth["tracks"], iou_matrix) >= MIN_F1
