"""segments: right when at least three quarters of the marked time match the truth, both ways (F1), as for marks in a text.

Nobody hears an end to the millisecond. What lies within COLLAR_MS of an end of the truth does not count: the collar with which
evaluations of "who spoke when" are scored (NIST, The 2009 (RT-09) Rich Transcription Meeting Recognition Evaluation Plan, 2009). Of a
short segment it is a quarter at each end, so that its middle always counts.
"""

from labelling.task_types.stretches import Stretch, by_label, length, shared

COLLAR_MS = 250
MIN_F1 = 0.75


def is_right(value: dict, truth: dict, question: dict) -> bool:
    said, known = (by_label(one["segments"], "start_ms", "end_ms") for one in (value, truth))
    both = total = 0.0
    for label in said.keys() | known.keys():
        mine, hers = said.get(label, []), known.get(label, [])
        unheard = _collars(hers)
        both += shared(mine, hers) - shared(_within(mine, hers), unheard)
        total += sum(length(one) - shared(one, unheard) for one in (mine, hers))
    return 2 * both >= MIN_F1 * total


def _collars(truth: list[Stretch]) -> list[Stretch]:
    """Around each end, in order and joined where they touch."""
    around = [(at - by, at + by) for start, end in truth for by in [_collar(start, end)] for at in (start, end)]
    marks = [{"label": "", "start": start, "end": end} for start, end in around]
    return by_label(marks, "start", "end").get("", [])


def _collar(start: float, end: float) -> float:
    return min(COLLAR_MS, (end - start) / 4)


def _within(a: list[Stretch], b: list[Stretch]) -> list[Stretch]:
    """What is in both lists of disjoint stretches."""
    return [
        (max(start, other), min(end, last))
        for start, end in a
        for other, last in b
        if max(start, other) < min(end, last)
    ]
