from labelling.task_types.tree import parents_of, path_to


def is_right(value: dict, truth: dict, question: dict) -> bool:
    """The truth, or below it: what was decided to stop half way does not make who saw more wrong. Who stops above it has not found it; else
    to stop at the top would always pay."""
    parents = parents_of(question["config"]["tree"])
    known = value["label"] in parents
    return value["label"] == truth["label"] or (known and truth["label"] in path_to(value["label"], parents))
