"""taxonomy: one look, and a tap for each level (labelling/task_types/looking.py); by search it is a tap, and words to write."""

from labelling.task_types.looking import TAP_MS, look_ms


def least_ms(value: dict, question: dict, suggested: bool) -> int:
    """Nobody sees this item and answers in less: search takes one tap, so no more than two are asked for."""
    deep = any(row[0] == value["label"] and row[1] for row in question["config"].get("tree", ()))
    return look_ms(question) + (TAP_MS if deep and not suggested else 0)
