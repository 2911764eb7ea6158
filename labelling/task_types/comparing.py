"""What types do alike whose answers compare the parts of an item: from votes to comparisons, and who looks from those.

Who looks and who does not is learned by Bradley and Terry's model with workers (`consensus.core.pairs`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from consensus.core.pairs.bradley_terry import LOOKS
from consensus.core.pairs.models import CrowdBradleyTerry
from consensus.core.pairs.pairwise import Comparisons
from labelling.task_types.merging import ppm
from labelling.task_types.votes import CROWD, Learned, Task

Pair = tuple[str, str, str]  # the better part, the other, and "left"; or two of which neither is better, and "tie"
PairsOf = Callable[[dict, dict], list[Pair]]  # of an answer's value and its question
NEWCOMER = {"reliability_ppm": ppm(LOOKS), "tie_ppm": ppm(1 / 3)}
OF_CROWD = {
    "spread_ppm": ppm(1.0),
    "tie_weight_ppm": 0,
}  # of scores before any answer; ties as likely as either side of equals
LEAST_TIE_WEIGHT, MOST_SPREAD = (
    -7.0,
    1e3,
)  # of a crowd that never says so, or always agrees: finite, so that it can be kept


def comparisons(tasks: list[Task], pairs_of: PairsOf) -> Comparisons:
    """A row for each pair that an answer orders; the parts of an item are compared among themselves: item ids are (place, part).
    The better part stands left: where each stood on the screen was drawn anew for each worker, and is nothing to learn from."""
    rows = [
        (*pair, vote.annotator, place)
        for place, task in enumerate(tasks)
        for vote in task.votes
        for pair in pairs_of(vote.value, task.question)
    ]
    workers = sorted({vote.annotator for task in tasks for vote in task.votes})
    left, right, outcomes, who, groups = [list(column) for column in zip(*rows, strict=True)] if rows else [[]] * 5
    return Comparisons.from_rows(left, right, who, outcomes, groups, worker_ids=workers)


def learned_of_comparisons(tasks: list[Task], pairs_of: PairsOf) -> dict[str, Learned]:
    """How often each looks, and how she leans to ties where she does not."""
    table = comparisons(tasks, pairs_of)
    if not len(table.worker_ids):
        return {}
    skills = CrowdBradleyTerry(sided=False).fit(table, gold=dict(_gold(tasks, pairs_of))).skills
    seen = Counter(vote.annotator for task in tasks for vote in task.votes)
    learned = {str(name): Learned(_tables(row), _summary(row), seen[str(name)]) for name, row in skills.workers.items()}
    crowd = {
        "spread_ppm": ppm(min(skills.crowd["spread"], MOST_SPREAD)),
        "tie_weight_ppm": ppm(max(skills.crowd["tie_weight"], LEAST_TIE_WEIGHT)),
    }
    return {**learned, CROWD: Learned(_tables(skills.crowd) | crowd, _summary(skills.crowd), seen.total())}


def _gold(tasks: list[Task], pairs_of: PairsOf) -> Iterator[tuple[tuple, str]]:
    for place, task in enumerate(tasks):
        if task.truth and task.votes:
            for better, other, outcome in pairs_of(task.truth, task.question):
                yield ((place, better), (place, other)), outcome


def of_crowd(skills: dict[str, dict]) -> dict[str, Any]:
    """What is known of somebody unknown, and of the whole crowd."""
    return {**NEWCOMER, **OF_CROWD, **skills.get(CROWD, {})}


def _tables(row: dict) -> dict:
    return {"reliability_ppm": ppm(row["reliability"]), "tie_ppm": ppm(row["habits"][2])}


def _summary(row: dict) -> dict:
    return {"accuracy_ppm": ppm(row["reliability"])}
