"""pairwise: who looks and who does not is learned by Bradley and Terry's model with workers (`consensus.core.pairs`); an item is then
decided by Bayes over what can be said of it.

A worker looks with her reliability a and then says what is so with the chance that the model gives to somebody who looks, over the spread
of differences that it found; else she says anything, by her habit of ties and alike of each part, for sides are drawn anew each time:

    P(said | so) = a c [said = so] + a (1 - c) / (K - 1) [said != so] + (1 - a) habit(said)

K options, each as likely before anybody has answered.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from consensus.core.pairs.davidson import probabilities
from labelling.task_types.comparing import Pair, learned_of_comparisons, of_crowd
from labelling.task_types.merging import SUREST_PPM, ppm
from labelling.task_types.pairwise.agreement import agreement
from labelling.task_types.pairwise.answer import NEITHER, SAME, options
from labelling.task_types.pairwise.gold import is_right
from labelling.task_types.votes import Decided, Learned, Task, pair_agreement_ppm

METHOD = "pairwise-crowd-bradley-terry/1"
_NODES, _WEIGHTS = np.polynomial.hermite_e.hermegauss(31)


# --- deciding -----------------------------------------------------------------------------------------------------------
def decide_many(tasks: list[Task], skills: dict[str, dict], config: dict) -> list[Decided]:
    crowd = of_crowd(skills)
    careful = careful_share(crowd["spread_ppm"], crowd["tie_weight_ppm"])
    return [_decide(task, skills, crowd, careful) for task in tasks]


def _decide(task: Task, skills: dict[str, dict], crowd: dict, careful: float) -> Decided:
    said = options(task.question)
    chances = np.exp(_log_chances(task, said, skills, crowd, careful))
    chances /= chances.sum()
    best = int(chances.argmax())
    value = {"chosen": said[best]}
    agreed = [is_right(vote.value, value, task.question) for vote in task.votes]
    sure = min(ppm(chances[best]), SUREST_PPM)
    shares = {one: ppm(chance) for one, chance in zip(said, chances, strict=True)}
    return Decided(value, sure, pair_agreement_ppm(task.votes, task.question, agreement), agreed, {"scores": shares})


def _log_chances(task: Task, said: list[str], skills: dict[str, dict], crowd: dict, careful: float) -> np.ndarray:
    """(K,) log chances of the options, not normed; in the order of seq, so that a sum is the same however votes came."""
    total = np.zeros(len(said))
    for vote in sorted(task.votes, key=lambda one: (one.annotator, one.seq)):
        known = skills.get(vote.annotator, crowd)
        looks, ties = known["reliability_ppm"] / 1e6, known["tie_ppm"] / 1e6
        is_word = vote.value["chosen"] in (SAME, NEITHER)
        habit = ties / 2 if is_word else (1 - ties) / (len(said) - 2)
        slip = looks * (1 - careful) / (len(said) - 1) + (1 - looks) * habit
        hit = looks * careful + (1 - looks) * habit
        total += np.log([max(hit if one == vote.value["chosen"] else slip, 1e-12) for one in said])
    return total - total.max()


@lru_cache(maxsize=256)
def careful_share(spread_ppm: int, tie_weight_ppm: int) -> float:
    """The chance that who looks says what most who look would say, over differences of two scores of this spread (Gauss-Hermite)."""
    gaps = np.sqrt(2) * spread_ppm / 1e6 * _NODES
    chances = probabilities(gaps, np.full(len(gaps), tie_weight_ppm / 1e6))
    return float((chances.max(axis=0) * _WEIGHTS).sum() / _WEIGHTS.sum())


# --- learning -----------------------------------------------------------------------------------------------------------
def learn_skills_of(tasks: list[Task], config: dict) -> dict[str, Learned]:
    return learned_of_comparisons(tasks, _pairs_of)


def _pairs_of(value: dict, question: dict) -> list[Pair]:
    """The chosen part before each other, or a tie of each two."""
    chosen, parts = value["chosen"], options(question)[:-2]
    if chosen in parts:
        return [(chosen, other, "left") for other in parts if other != chosen]
    return [(one, other, "tie") for place, one in enumerate(parts) for other in parts[place + 1 :]]
