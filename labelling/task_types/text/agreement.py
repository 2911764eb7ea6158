"""text: 1 - normalised edit distance (Levenshtein over the longer length), after folding case and spaces."""

from labelling.task_types.folding import likeness


def agreement(a: dict, b: dict, question: dict) -> float:
    return likeness(a["text"], b["text"])
