"""spans: F1 of the characters that both mark with the same label; two empty answers agree."""

from itertools import chain

Stretch = tuple[int, int]


def agreement(a: dict, b: dict, question: dict) -> float:
    mine, hers = _by_label(a["spans"]), _by_label(b["spans"])
    total = _length(chain(*mine.values())) + _length(chain(*hers.values()))
    shared = sum(_shared(mine[label], hers[label]) for label in mine.keys() & hers.keys())
    return 2 * shared / total if total else 1.0


def _by_label(spans: list[dict]) -> dict[str, list[Stretch]]:
    """The stretches under each label, in order and joined where they touch."""
    found: dict[str, list[Stretch]] = {}
    for span in sorted(spans, key=lambda one: (one["start"], one["end"])):
        stretches = found.setdefault(span["label"], [])
        if stretches and span["start"] <= stretches[-1][1]:
            stretches[-1] = (stretches[-1][0], max(stretches[-1][1], span["end"]))
        else:
            stretches.append((span["start"], span["end"]))
    return found


def _length(stretches) -> int:
    return sum(end - start for start, end in stretches)


def _shared(a: list[Stretch], b: list[Stretch]) -> int:
    """Characters in both lists of disjoint stretches, each in order."""
    i = j = shared = 0
    while i < len(a) and j < len(b):
        shared += max(0, min(a[i][1], b[j][1]) - max(a[i][0], b[j][0]))
        if a[i][1] < b[j][1]:
            i += 1
        else:
            j += 1
    return shared
