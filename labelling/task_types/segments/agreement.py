"""segments: temporal IoU: the time that both mark with the same label, over the time that either marks with it. Two empty answers agree."""

from labelling.task_types.stretches import by_label, covered


def agreement(a: dict, b: dict, question: dict) -> float:
    mine, hers = (by_label(one["segments"], "start_ms", "end_ms") for one in (a, b))
    both, total = covered(mine, hers)
    return both / (total - both) if total else 1.0
