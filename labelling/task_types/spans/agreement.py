"""spans: F1 of the characters that both mark with the same label; two empty answers agree."""

from labelling.task_types.stretches import by_label, covered


def agreement(a: dict, b: dict, question: dict) -> float:
    both, total = covered(by_label(a["spans"], "start", "end"), by_label(b["spans"], "start", "end"))
    return 2 * both / total if total else 1.0
