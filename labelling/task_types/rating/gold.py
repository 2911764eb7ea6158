from labelling.task_types.rating.scale import bounds_of, near_of


def is_right(value: dict, truth: dict, question: dict) -> bool:
    return abs(value["rating"] - truth["rating"]) <= near_of(question["config"])


def by_chance(config: dict) -> float:
    """From the middle of the scale, as many steps to both sides as are right."""
    low, high, _step = bounds_of(config)
    return min(1.0, (2 * int(near_of(config)) + 1) / (high - low + 1))
