"""ranking: Kendall's tau-b of two orders with ties, brought from -1..1 to 0..1.

tau_b = (C - D) / sqrt((C + D + T_a) (C + D + T_b)) over all pairs of parts: C in the same order, D in the other, T tied in the one and not
in the other. M. G. Kendall, The treatment of ties in ranking problems, Biometrika 33 (1945), doi:10.1093/biomet/33.3.239. Where one says
that all are alike tau-b has no value: it is 1 if the other says so, too, else 0 (half way, for that is neither order).
"""

from itertools import combinations
from math import sqrt

from labelling.task_types.ranking.answer import ranks_of


def agreement(a: dict, b: dict, question: dict) -> float:
    return (tau_b(a, b) + 1) / 2


def tau_b(a: dict, b: dict) -> float:
    if a["order"] == b["order"]:
        return 1.0
    first, second = ranks_of(a), ranks_of(b)
    signs = [(_sign(first[x] - first[y]), _sign(second[x] - second[y])) for x, y in combinations(sorted(first), 2)]
    told = [sum(one != 0 for one, _ in signs), sum(two != 0 for _, two in signs)]
    if not all(told):
        return 0.0
    return sum(one * two for one, two in signs) / sqrt(told[0] * told[1])


def _sign(difference: int) -> int:
    return (difference > 0) - (difference < 0)
