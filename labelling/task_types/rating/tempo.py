"""rating: one look and one tap (labelling/task_types/looking.py)."""

from labelling.task_types.looking import look_ms


def least_ms(value: dict, question: dict, suggested: bool) -> int:
    """Nobody sees this item and answers in less."""
    return look_ms(question)
