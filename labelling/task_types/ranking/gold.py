"""ranking: right when no two parts stand the other way round than they are known to: a tie is no mistake of order, but a known order said
to be all alike is none."""

from itertools import combinations

from labelling.task_types.ranking.answer import ranks_of


def is_right(value: dict, truth: dict, question: dict) -> bool:
    said, known = ranks_of(value), ranks_of(truth)
    pairs = [
        (said[x] - said[y], known[x] - known[y]) for x, y in combinations(sorted(known), 2) if known[x] != known[y]
    ]
    if not pairs:  # all are known to be alike
        return len(value["order"]) == 1
    return all(a * b >= 0 for a, b in pairs) and 2 * sum(a * b > 0 for a, b in pairs) > len(pairs)
