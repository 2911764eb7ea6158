"""mask: mean IoU over the labels that either has coloured in; two empty answers agree."""

from labelling.task_types.runs import iou, runs_of


def agreement(a: dict, b: dict, question: dict) -> float:
    """In 0..1."""
    each = ious(a, b)
    return sum(each) / len(each) if each else 1.0


def ious(a: dict, b: dict) -> list[float]:
    """Of each label that either has; 0 where the other has none."""
    mine, other = ({one["label"]: one["counts"] for one in value["masks"]} for value in (a, b))
    both = mine.keys() & other.keys()
    alone = len(mine.keys() | other.keys()) - len(both)
    # The order of labels must not change a sum of floats: agreement(a, b) is agreement(b, a).
    return [iou(runs_of(mine[label]), runs_of(other[label])) for label in sorted(both)] + [0.0] * alone
