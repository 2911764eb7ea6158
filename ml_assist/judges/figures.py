"""What a judge may do today, and what its errors are like, in figures. Reading only."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable
from typing import TypedDict

from django.conf import settings

from consensus.core.answers.shares import wilson_interval
from consensus.core.guarantees.change import FALSE_ALARM_AFTER, audits_until_found, watch
from labelling import task_types
from labelling.models import Gold
from labelling.task_types.questions import merged_into
from ledger import factories
from ledger.posting import balances
from ml_assist.judges.models import Judge, JudgeCall, JudgeVersion
from ml_assist.judges.rules import AUDITS, usual_errors

Purpose = JudgeCall.Purpose
MOST_CELLS = 40
WORSE = 0.2  # a change of this much is spoken of when it is said how soon one is found


class SaidLabel(TypedDict):
    """How often it is right when it says this, on known tasks."""

    label: str
    said: int
    right: int
    low_ppm: int
    high_ppm: int


class Mistake(TypedDict):
    """What it says in place of what is true, and how often."""

    truth: str
    said: str
    times: int


class Figures(TypedDict):
    """`audits`: known tasks asked while it works, since its exam. `evidence_ppm`: that it has changed; at 10^6 it is stopped.
    `found_within`: answers after which a change for the worse by 20 points is found at the latest, on average. `swaps`: of pairs asked in
    the other order."""

    spent_micro: int
    held_micro: int
    currency: str
    votes: int
    no_answers: int
    audits: int
    audits_right: int
    evidence_ppm: int | None
    found_within: int | None
    swaps: int
    swaps_same: int
    labels: list[SaidLabel]
    mistakes: list[Mistake]


def figures_of(judge: Judge, version: JudgeVersion, name_of: Callable[[str], str] = str) -> Figures:
    """name_of: what a label's id is called."""
    calls = list(
        version.calls.exclude(right=None, value__isnull=False).values_list("purpose", "item_id", "value", "right")
    )
    audits = [right for purpose, _, _, right in calls if purpose == Purpose.AUDIT and right is not None]
    swaps = [right for purpose, _, _, right in calls if purpose == Purpose.SWAP and right is not None]
    cost, escrow = factories.model_cost_of(judge.pk), factories.judge_escrow_of(judge.pk)
    money = balances([cost, escrow], settings.CURRENCY)
    labels, mistakes = _on_known(judge, [one for one in calls if one[0] != Purpose.SWAP], name_of)
    usual = usual_errors(judge.result) if judge.result else None
    return Figures(
        spent_micro=money.get((cost, settings.CURRENCY), 0),
        held_micro=money.get((escrow, settings.CURRENCY), 0),
        currency=settings.CURRENCY,
        votes=version.calls.filter(purpose=Purpose.VOTE, value__isnull=False).count(),
        no_answers=sum(value is None for _, _, value, _ in calls),
        audits=len(audits),
        audits_right=sum(audits),
        evidence_ppm=None if usual is None else _evidence_ppm(audits, usual),
        found_within=None
        if usual is None or usual + WORSE >= 1
        else round(audits_until_found(usual, usual + WORSE) / AUDITS),
        swaps=len(swaps),
        swaps_same=sum(swaps),
        labels=labels,
        mistakes=mistakes,
    )


def _evidence_ppm(audits: list[bool], usual: float) -> int:
    level = watch([not right for right in audits], usual).level if audits else -math.inf
    return round(1e6 * min(1.0, math.exp(min(level, 50)) / FALSE_ALARM_AFTER))


def _on_known(judge: Judge, calls: list[tuple], name_of: Callable[[str], str]) -> tuple[list[SaidLabel], list[Mistake]]:
    """By label, where answers are categories."""
    kind = task_types.get(judge.project.task_type)
    if kind.category is None:
        return [], []
    into = merged_into(judge.project.past_labels)
    truths = dict(Gold.objects.filter(item__in=[item for _, item, _, _ in calls]).values_list("item_id", "truth"))
    said, right, wrong = Counter[str](), Counter[str](), Counter[tuple[str, str]]()
    for _, item, value, was_right in calls:
        if value is None or was_right is None or item not in truths:
            continue
        given, truth = (str(kind.category(kind.relabel(one, into))) for one in (value, truths[item]))
        said[given] += 1
        right[given] += was_right
        wrong[truth, given] += not was_right
    labels = [_said_label(name_of(label), n, right[label]) for label, n in said.most_common(MOST_CELLS)]
    mistakes = [
        Mistake(truth=name_of(truth), said=name_of(given), times=n)
        for (truth, given), n in wrong.most_common(MOST_CELLS)
        if n
    ]
    return labels, mistakes


def _said_label(label: str, said: int, right: int) -> SaidLabel:
    low, high = wilson_interval(right, said)
    return SaidLabel(label=label, said=said, right=right, low_ppm=round(1e6 * low), high_ppm=round(1e6 * high))
