"""choices: one look, and a tap for each label (labelling/task_types/looking.py); labels that a model has set take no hand."""

from labelling.task_types.looking import TAP_MS, look_ms

MAX_TAPS = 20


def least_ms(value: dict, question: dict, suggested: bool) -> int:
    """Nobody sees this item and answers in less."""
    more = 0 if suggested else min(max(len(value["labels"]) - 1, 0), MAX_TAPS)
    return look_ms(question) + more * TAP_MS
