from labelling.task_types.rating.scale import near_of


def is_right(value: dict, truth: dict, question: dict) -> bool:
    return abs(value["rating"] - truth["rating"]) <= near_of(question["config"])
