"""rating: one less the distance, in units of the scale's range."""

from labelling.task_types.rating.scale import bounds_of


def agreement(a: dict, b: dict, question: dict) -> float:
    low, high, _step = bounds_of(question["config"])
    return 1 - abs(a["rating"] - b["rating"]) / (high - low)
