"""Skill belts: how sure we are that a worker is good at a kind of work (a task type on a medium), from what her projects have shown.

Nobody's pay depends on a belt; a project may ask for one, and says so beforehand (docs/decisions/belts.md):

    known   her answers on tasks with a known truth, over all projects of the kind; right: how many of them were right
    agreed  her other answers on decided items that agree with the decision, decided: all of these; each weighs half a known task
            (the weights of the pay rule, labelling/batches/pay.py), and all together no more than the known tasks do
    n       = known + min(decided / 2, known)
    share   = right / known, or (right + min(decided / 2, known) x agreed / decided) / n where that is less
    sure    = Wilson's lower bound of the share at n, one-sided 90 % (Wilson 1927, doi:10.1080/01621459.1927.10502953)

The first belt is everybody's. The pay rule takes a newcomer to be right in 80 of 100: the second belt is for whom we are 90 % sure that
she errs no more than that, the third for whom she errs half as much. Agreement makes us surer of her, and never better: who guesses or
copies with others is found out by known tasks.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import sqrt
from typing import Any

from django.db.models import Sum

from labelling.models.work import WorkerRecord
from people.models import Worker

FORMULA = "belts-1"  # what stands above: a certificate names it, so another formula is another name
SEED, SPROUT, TREE = BELTS = ("seed", "sprout", "tree")
NEEDS = {SEED: 0.0, SPROUT: 0.8, TREE: 0.9}
_Z = 1.2815515655446004  # 90 % of a normal distribution lie below
_MOST = 500  # known tasks that are counted ahead: further away nothing is promised


@dataclass(frozen=True)
class Evidence:
    """The counts of one kind of work. Nothing secret: her scores show the same, by project."""

    known: int = 0
    right: int = 0
    decided: int = 0
    agreed: int = 0

    @property
    def sure(self) -> float:
        """0 to 1; 0 without a known task."""
        weight = min(self.decided / 2, self.known)
        n = self.known + weight
        if not self.known:
            return 0.0
        together = (self.right + (weight * self.agreed / self.decided if self.decided else 0)) / n
        share = min(self.right / self.known, together)
        z2 = _Z * _Z
        return (share + z2 / (2 * n) - _Z * sqrt(share * (1 - share) / n + z2 / (4 * n * n))) / (1 + z2 / n)

    @property
    def belt(self) -> str:
        return max((belt for belt in BELTS if self.sure >= NEEDS[belt]), key=BELTS.index)

    def right_needed(self, belt: str) -> int | None:
        """How many known tasks, all of them right, until she has it; 0: she has. None: more than we would promise."""
        for more in range(_MOST):
            if Evidence(self.known + more, self.right + more, self.decided, self.agreed).sure >= NEEDS[belt]:
                return more
        return None


NOTHING = Evidence()
Kind = tuple[str, str]  # task type, medium
_COUNTS = {"known": "gold_seen", "right": "gold_right", "decided": "decided", "agreed": "agreed"}


def evidence_of(worker: Worker) -> dict[Kind, Evidence]:
    """By kind of work, over all projects."""
    sums = {name: Sum(column) for name, column in _COUNTS.items()}
    rows = WorkerRecord.objects.filter(worker=worker).values("project__task_type", "project__medium")
    rows = rows.annotate(**{f"n_{name}": total for name, total in sums.items()}).order_by()
    return {(row["project__task_type"], row["project__medium"]): _evidence(row) for row in rows}


def has(evidence: Evidence, belt: str) -> bool:
    return evidence.sure >= NEEDS[belt]


def holders_of(kind: Kind) -> dict[str, int]:
    """How many workers have each belt of a kind, or a higher one: what a requester asks before asking for it."""
    sums = {f"n_{name}": Sum(column) for name, column in _COUNTS.items()}
    rows = WorkerRecord.objects.filter(project__task_type=kind[0], project__medium=kind[1]).values("worker")
    found = [_evidence(row) for row in rows.annotate(**sums).order_by()]
    return {belt: _count(found, belt) for belt in BELTS}


def _count(found: Iterable[Evidence], belt: str) -> int:
    return sum(has(one, belt) for one in found)


def _evidence(row: Mapping[str, Any]) -> Evidence:
    return Evidence(**{name: row[f"n_{name}"] for name in _COUNTS})
