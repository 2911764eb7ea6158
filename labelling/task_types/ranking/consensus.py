"""ranking: every two parts that an answer orders are a comparison; scores, and who looks, are those of Bradley and Terry's model with
workers (`consensus.core.pairs`). The order is that of the scores; neighbours are alike where most who look call them alike.

Confidence is the chance of the least sure step of the order. The comparisons of one answer hang together, and the model takes them for as
many answers: it is a little too sure of long lists, which a project's own known items correct.
"""

from __future__ import annotations

from itertools import combinations, pairwise

import numpy as np

from consensus.core.answers.skills import WorkerSkills
from consensus.core.pairs.models import CrowdBradleyTerry
from labelling.task_types.comparing import Pair, comparisons, learned_of_comparisons, of_crowd
from labelling.task_types.merging import SUREST_PPM, ppm
from labelling.task_types.ranking.agreement import agreement
from labelling.task_types.ranking.answer import compared, ranks_of
from labelling.task_types.ranking.gold import is_right
from labelling.task_types.votes import Decided, Learned, Task, pair_agreement_ppm

METHOD = "ranking-crowd-bradley-terry/1"


def learn_skills_of(tasks: list[Task], config: dict) -> dict[str, Learned]:
    return learned_of_comparisons(tasks, _pairs_of)


def decide_many(tasks: list[Task], skills: dict[str, dict], config: dict) -> list[Decided]:
    """Item by item, so that a decision depends on nothing but its votes."""
    crowd = of_crowd(skills)
    model = CrowdBradleyTerry(spread=crowd["spread_ppm"] / 1e6, skills=_known(skills, crowd))
    return [_decide(task, model, skills, crowd) for task in tasks]


def _decide(task: Task, model: CrowdBradleyTerry, skills: dict[str, dict], crowd: dict) -> Decided:
    table = comparisons([task], _pairs_of)
    found = model.ranking(table)
    order = [table.item_ids[code][1] for code in found.order]
    alike = {pair: _share_alike(task, *pair, skills, crowd) for pair in pairwise(order)}
    steps = found.compare(found.order[:-1], found.order[1:]).left_is_better
    sure = [share if share > 0.5 else float(step) for share, step in zip(alike.values(), steps, strict=True)]
    ranks = [[order[0]]]
    for before, part in pairwise(order):
        if alike[before, part] > 0.5:
            ranks[-1].append(part)
        else:
            ranks.append([part])
    place = {part: at for at, part in enumerate(compared(task.question))}
    value = {"order": [sorted(rank, key=place.__getitem__) for rank in ranks]}
    agreed = [is_right(vote.value, value, task.question) for vote in task.votes]
    scores = {part: round(float(found.scores[code]), 4) for part, code in zip(order, found.order, strict=True)}
    told = pair_agreement_ppm(task.votes, task.question, agreement)
    return Decided(value, min(ppm(min(sure)), SUREST_PPM), told, agreed, {"scores": scores})


def _share_alike(task: Task, one: str, other: str, skills: dict[str, dict], crowd: dict) -> float:
    """Of those who look, by how often each does."""
    looks = np.array([skills.get(vote.annotator, crowd)["reliability_ppm"] / 1e6 for vote in task.votes])
    ranks = [ranks_of(vote.value) for vote in task.votes]
    ties = np.array([rank[one] == rank[other] for rank in ranks])
    return float(looks[ties].sum() / max(looks.sum(), 1e-9)) if len(looks) else 0.0


def _known(skills: dict[str, dict], crowd: dict) -> WorkerSkills:
    workers = {name: _row(row) for name, row in skills.items()}
    return WorkerSkills(workers, _row(crowd))


def _row(known: dict) -> dict:
    ties = known["tie_ppm"] / 1e6
    return {"reliability": known["reliability_ppm"] / 1e6, "habits": [(1 - ties) / 2, (1 - ties) / 2, ties]}


def _pairs_of(value: dict, question: dict) -> list[Pair]:
    rank = ranks_of(value)
    ordered = sorted(compared(question), key=rank.__getitem__)
    return [(one, other, "left" if rank[one] < rank[other] else "tie") for one, other in combinations(ordered, 2)]
