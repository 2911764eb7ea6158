"""pairwise: equal or not; who calls two parts alike is half way to who prefers one of them (their order on the scale that is compared)."""

from labelling.task_types.pairwise.answer import NEITHER, SAME


def agreement(a: dict, b: dict, question: dict) -> float:
    said = {a["chosen"], b["chosen"]}
    if len(said) == 1:
        return 1.0
    return 0.5 if SAME in said and NEITHER not in said else 0.0
